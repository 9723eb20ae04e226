"""Write docs/keys.md from the table of actions: `make docs`. A test holds the page to it."""

from __future__ import annotations

import sys

from tui.keys import as_markdown

HEADER = """\
# Keys

<!-- Written by `make docs` from the table of actions; do not edit. -->

`?` shows these in the application, and `ctrl+p` finds each by its name.
"""


def page() -> str:
    """Return the page."""
    return f"{HEADER}\n{as_markdown().strip()}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
