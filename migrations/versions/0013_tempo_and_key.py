"""Tempo and key of samples, who said them, and what the file and the sound say of them.

Nothing is known of the samples that are there until a scan describes them again.

Revision: 0013
After: 0012
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# In plain SQL: Alembic would copy the whole table for the sake of a constraint.
_SAID = "('user', 'name', 'chunk', 'sound')"
_SAMPLE = (
    "tempo DOUBLE CONSTRAINT ck_sample_tempo CHECK (tempo BETWEEN 20 AND 999)",
    f"tempo_source VARCHAR CONSTRAINT ck_sample_tempo_source CHECK (tempo_source IN {_SAID})",
    "key INTEGER CONSTRAINT ck_sample_key CHECK (key BETWEEN 0 AND 23)",
    f"key_source VARCHAR CONSTRAINT ck_sample_key_source CHECK (key_source IN {_SAID})",
)
_DESCRIPTOR = (
    "chunk_tempo DOUBLE",
    "chunk_key INTEGER",
    "sound_tempo DOUBLE",
    "sound_clearness DOUBLE",
    "sound_key INTEGER",
)


def upgrade() -> None:
    for table, columns in (("sample", _SAMPLE), ("descriptor", _DESCRIPTOR)):
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def downgrade() -> None:
    for table, columns in (("descriptor", _DESCRIPTOR), ("sample", _SAMPLE)):
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
