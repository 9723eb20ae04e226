"""Collections, marks of what is used, saved searches, and a journal of what the user says.

Revision: 0012
After: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sample", sa.Column("used_at", sa.DateTime(), nullable=True))
    op.create_index(
        "ix_sample_used_at", "sample", ["used_at"], sqlite_where=sa.text("used_at IS NOT NULL")
    )
    op.create_table(
        "collection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
        sa.UniqueConstraint("folded", name=op.f("uq_collection_folded")),
    )
    op.create_table(
        "collection_sample",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _reference("collection_sample", "collection_id", "collection"),
        _reference("collection_sample", "sample_id", "sample"),
        sa.PrimaryKeyConstraint("collection_id", "sample_id", name=op.f("pk_collection_sample")),
    )
    op.create_index(op.f("ix_collection_sample_sample_id"), "collection_sample", ["sample_id"])
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("folded", name=op.f("uq_saved_search_folded")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
    )
    op.create_table(
        "journal_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        _reference("journal_row", "entry_id", "journal_entry"),
        _reference("journal_row", "sample_id", "sample"),
        _reference("journal_row", "other_id", "sample"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_row")),
    )
    op.create_index(op.f("ix_journal_row_entry_id"), "journal_row", ["entry_id"])
    op.create_index(op.f("ix_journal_row_sample_id"), "journal_row", ["sample_id"])
    op.create_index(
        op.f("ix_journal_row_other_id"),
        "journal_row",
        ["other_id"],
        sqlite_where=sa.text("other_id IS NOT NULL"),
    )


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("journal_row", "journal_entry", "saved_search", "collection_sample"):
        op.drop_table(table)
    op.drop_table("collection")
    op.drop_index("ix_sample_used_at", "sample")
    op.drop_column("sample", "used_at")
