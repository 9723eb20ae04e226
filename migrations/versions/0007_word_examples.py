"""What the user says of a sample: that it is what a word means, or that it is not.

Revision: 0007
After: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word_example",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("fits", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["sample.id"],
            name=op.f("fk_word_example_sample_id_sample"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "sample_id", name=op.f("pk_word_example")),
    )
    op.create_index(op.f("ix_word_example_sample_id"), "word_example", ["sample_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_word_example_sample_id"), table_name="word_example")
    op.drop_table("word_example")
