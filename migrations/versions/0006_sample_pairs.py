"""What the user says of two samples: that they belong together, or that they do not.

Revision: 0006
After: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sample_pair",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("alike", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("sample_id < other_id", name=op.f("ck_sample_pair_order")),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["sample.id"],
            name=op.f("fk_sample_pair_sample_id_sample"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["sample.id"],
            name=op.f("fk_sample_pair_other_id_sample"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sample_id", "other_id", name=op.f("pk_sample_pair")),
    )
    op.create_index(op.f("ix_sample_pair_other_id"), "sample_pair", ["other_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sample_pair_other_id"), table_name="sample_pair")
    op.drop_table("sample_pair")
