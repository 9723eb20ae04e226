"""Who said of what category a sample is, and how sure the sound is of it.

Until now only names and folders could say it. Nothing that is there changes: of each category the
source is found again, as the name's where the name tells one.

Revision: 0004
After: 0003
"""

from __future__ import annotations

import os

import sqlalchemy as sa
from alembic import op

from library.category import NAME, category_in_root

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In plain SQL: Alembic would copy the whole table for the sake of the constraint.
    op.execute(
        "ALTER TABLE sample ADD COLUMN category_source VARCHAR "
        "CONSTRAINT ck_sample_category_source "
        "CHECK (category_source IN ('user', 'name', 'folder', 'sound'))"
    )
    op.execute("ALTER TABLE sample ADD COLUMN category_probability DOUBLE")
    connection = op.get_bind()
    rows = connection.exec_driver_sql(
        "SELECT sample.id, root.path, sample.path FROM sample "
        "JOIN root ON root.id = sample.root_id WHERE sample.category IS NOT NULL"
    )
    named = [
        {"id": sample_id}
        for sample_id, root, path in rows
        if category_in_root(os.fsdecode(root), os.fsdecode(path)).source == NAME
    ]
    op.execute("UPDATE sample SET category_source = 'folder' WHERE category IS NOT NULL")
    if named:
        connection.execute(
            sa.text("UPDATE sample SET category_source = 'name' WHERE id = :id"), named
        )


def downgrade() -> None:
    op.execute("ALTER TABLE sample DROP COLUMN category_probability")
    op.execute("ALTER TABLE sample DROP COLUMN category_source")
