"""A record of the latest changes to vectors, by which a search index is brought up to date.

And an index that tells which samples have a vector without reading the vectors.

Revision: 0003
After: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEPT = 65_536
"""How many changes are remembered; an index that is further behind is built again."""

# Which columns of a change say what it was of.
TRIGGERS = (
    ("vector_inserted", "INSERT", ("NEW",)),
    ("vector_updated", "UPDATE", ("OLD", "NEW")),
    ("vector_deleted", "DELETE", ("OLD",)),
)


def upgrade() -> None:
    op.create_table(
        "vector_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["space.id"],
            name=op.f("fk_vector_change_space_id_space"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vector_change")),
    )
    op.create_index(op.f("ix_vector_change_space_id"), "vector_change", ["space_id"])
    op.drop_index(op.f("ix_vector_space_id"), "vector")
    op.create_index(op.f("ix_vector_space_id_sample_id"), "vector", ["space_id", "sample_id"])
    for name, action, rows in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
        spaces = ", ".join(f"{row}.space_id" for row in rows)
        recorded = " ".join(
            "INSERT INTO vector_change (space_id, sample_id, revision) "
            f"SELECT id, {row}.sample_id, revision FROM space WHERE id = {row}.space_id;"
            for row in rows
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {action} ON vector BEGIN "
            f"UPDATE space SET revision = random() >> 11 WHERE id IN ({spaces}); {recorded} "
            "DELETE FROM vector_change "
            f"WHERE id <= (SELECT max(id) FROM vector_change) - {KEPT}; END"
        )


def downgrade() -> None:
    for name, action, rows in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
        spaces = ", ".join(f"{row}.space_id" for row in rows)
        op.execute(
            f"CREATE TRIGGER {name} AFTER {action} ON vector BEGIN "
            f"UPDATE space SET revision = random() >> 11 WHERE id IN ({spaces}); END"
        )
    op.drop_index(op.f("ix_vector_space_id_sample_id"), "vector")
    op.create_index(op.f("ix_vector_space_id"), "vector", ["space_id"])
    op.drop_index(op.f("ix_vector_change_space_id"), "vector_change")
    op.drop_table("vector_change")
