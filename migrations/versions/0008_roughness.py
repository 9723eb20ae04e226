"""How rough a sound is, and which version of the program described it.

What is known of the samples stays; their roughness is not known until a scan describes them again.

Revision: 0008
After: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("descriptor", sa.Column("roughness", sa.Double(), nullable=True))
    op.add_column(
        "descriptor", sa.Column("version", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("descriptor", "version")
    op.drop_column("descriptor", "roughness")
