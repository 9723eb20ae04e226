"""Takes: what made each, and from what, so that it can be made again.

Nothing that was there changes; of takes made before, nothing is known.

Revision: 0009
After: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "take",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("audio", sa.String(), nullable=False),
        sa.Column("recipe", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_take"),
    )
    op.create_index("ix_take_content_hash", "take", ["content_hash"])
    op.create_index("ix_take_audio", "take", ["audio"])
    op.create_table(
        "take_parent",
        sa.Column("take_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["take_id"], ["take.id"], name="fk_take_parent_take_id_take", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["sample.id"],
            name="fk_take_parent_sample_id_sample",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("take_id", "place", name="pk_take_parent"),
    )
    op.create_index("ix_take_parent_content_hash", "take_parent", ["content_hash"])
    op.create_index("ix_take_parent_sample_id", "take_parent", ["sample_id"])


def downgrade() -> None:
    op.drop_table("take_parent")
    op.drop_table("take")
