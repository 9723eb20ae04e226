"""What is missing, and how long all sounds are, are counted without looking at every sample.

Revision: 0010
After: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_sample_missing", "sample", ["missing"], sqlite_where=sa.text("missing IS 1")
    )
    op.create_index("ix_sample_state_duration", "sample", ["state", "duration"])
    op.drop_index("ix_sample_state", "sample")


def downgrade() -> None:
    op.create_index("ix_sample_state", "sample", ["state"])
    op.drop_index("ix_sample_state_duration", "sample")
    op.drop_index("ix_sample_missing", "sample")
