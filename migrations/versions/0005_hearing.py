"""What the ear keeps of each sample; vectors of the kind before it go.

Revision: 0005
After: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hearing",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("ear", sa.String(), nullable=False),
        sa.Column("whole", sa.LargeBinary(), nullable=False),
        sa.Column("windows", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["sample.id"],
            name=op.f("fk_hearing_sample_id_sample"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sample_id", name=op.f("pk_hearing")),
    )
    # They are made again from what the ear hears, which a scan sees to.
    op.execute("DELETE FROM vector")
    # A map of other vectors would pass for one of the new ones.
    op.execute("DELETE FROM map_point")


def downgrade() -> None:
    op.execute("DELETE FROM vector")
    op.execute("DELETE FROM map_point")
    op.drop_table("hearing")
