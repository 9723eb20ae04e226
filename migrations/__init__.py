"""Alembic migrations of the library file, shipped in the wheel."""
