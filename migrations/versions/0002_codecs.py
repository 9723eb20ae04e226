"""Codecs beside the house codec: RAVE exports and other TorchScript files, tuned house codecs.

Revision: 0002
After: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "codec",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("trusted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('torchscript', 'tuned')", name=op.f("ck_codec_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codec")),
        sa.UniqueConstraint("digest", name=op.f("uq_codec_digest")),
        sa.UniqueConstraint("name", name=op.f("uq_codec_name")),
    )


def downgrade() -> None:
    op.drop_table("codec")
