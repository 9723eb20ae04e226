"""The first library: samples, descriptors, tags, latents, spaces, vectors, maps, settings.

Revision: 0001
After: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DESCRIPTORS = (
    "brightness",
    "loudness",
    "noisiness",
    "attack",
    "decay",
    "pitch",
    "low_end",
    "width",
)
INDICES = (
    ("ix_sample_content_hash", "sample", ["content_hash"]),
    ("ix_sample_search_text", "sample", ["search_text"]),
    ("ix_sample_root_id", "sample", ["root_id"]),
    ("ix_sample_size", "sample", ["size"]),
    ("ix_sample_state", "sample", ["state"]),
    ("ix_sample_tag_tag_id", "sample_tag", ["tag_id"]),
    ("ix_vector_space_id", "vector", ["space_id"]),
    ("ix_map_point_space_id", "map_point", ["space_id"]),
)
# A search index that was built at another revision than its space has is out of date.
TRIGGERS = (
    ("vector_inserted", "INSERT", "id = NEW.space_id"),
    ("vector_updated", "UPDATE", "id IN (OLD.space_id, NEW.space_id)"),
    ("vector_deleted", "DELETE", "id = OLD.space_id"),
)
TABLES = (
    "root",
    "setting",
    "space",
    "tag",
    "sample",
    "descriptor",
    "latents",
    "map_point",
    "sample_tag",
    "vector",
)


def below(table: str, parent: str) -> sa.ForeignKeyConstraint:
    """Return a key to a parent, with which the row goes when the parent goes."""
    column = f"{parent}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}_{parent}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "root",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("excludes", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_root")),
        sa.UniqueConstraint("path", name=op.f("uq_root_path")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "space",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space")),
        sa.UniqueConstraint("name", name=op.f("uq_space_name")),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("word", name=op.f("uq_tag_word")),
    )
    op.create_table(
        "sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=True),
        sa.Column("state", sa.String(), server_default="listed", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("missing", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("sample_rate", sa.Integer(), nullable=True),
        sa.Column("channels", sa.Integer(), nullable=True),
        sa.Column("format", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('listed', 'analysed', 'failed')", name=op.f("ck_sample_state")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_sample_rating")),
        below("sample", "root"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("path", name=op.f("uq_sample_path")),
    )
    op.create_table(
        "descriptor",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in DESCRIPTORS),
        below("descriptor", "sample"),
        sa.PrimaryKeyConstraint("sample_id", name=op.f("pk_descriptor")),
    )
    op.create_table(
        "latents",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("dims", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        below("latents", "sample"),
        sa.PrimaryKeyConstraint("sample_id", "codec", name=op.f("pk_latents")),
    )
    op.create_table(
        "map_point",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        below("map_point", "sample"),
        below("map_point", "space"),
        sa.PrimaryKeyConstraint("sample_id", "space_id", name=op.f("pk_map_point")),
    )
    op.create_table(
        "sample_tag",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        below("sample_tag", "sample"),
        below("sample_tag", "tag"),
        sa.PrimaryKeyConstraint("sample_id", "tag_id", name=op.f("pk_sample_tag")),
    )
    op.create_table(
        "vector",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        below("vector", "sample"),
        below("vector", "space"),
        sa.PrimaryKeyConstraint("sample_id", "space_id", name=op.f("pk_vector")),
    )
    for name, table, columns in INDICES:
        op.create_index(op.f(name), table, columns)
    for name, action, spaces in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {action} ON vector BEGIN "
            f"UPDATE space SET revision = random() >> 11 WHERE {spaces}; END"
        )


def downgrade() -> None:
    for name, _action, _spaces in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    for name, table, _columns in INDICES:
        op.drop_index(op.f(name), table)
    for table in reversed(TABLES):
        op.drop_table(table)
