"""Errors that a user can act on. Everything else is a bug and crashes with its traceback."""

from __future__ import annotations


class UserError(Exception):
    """What is wrong, and what to do about it, in one line.

    Attributes:
        message: What is wrong, without a full stop.
        hint: What to do; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message


class DecodeError(UserError):
    """An audio file cannot be read."""


class QueryError(UserError):
    """A query line cannot be understood."""


class LibraryError(UserError):
    """The library file, or something in it, is not as it must be."""


class ModelError(UserError):
    """A codec or a space cannot be loaded, trained or used."""
