"""Measured tables: speed and quality, printed by commands that anyone can run."""
