"""What a sample's audio is, so that the same audio in another file is known at once.

Revision: 0011
After: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sample", sa.Column("audio_hash", sa.String(), nullable=True))
    op.create_index("ix_sample_audio_hash", "sample", ["audio_hash"])


def downgrade() -> None:
    op.drop_index("ix_sample_audio_hash", "sample")
    op.drop_column("sample", "audio_hash")
