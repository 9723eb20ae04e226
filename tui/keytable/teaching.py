"""Actions on the library: words, spaces, and what belongs together."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("teach", "browse", "Y", "Y", "teach", "teach a word",
        "Teach a word of yours by sounds that are it and sounds that are not"),
    Key("train", "browse", "T", "T", "train", "train a space",
        "Learn a personal space from the sounds of the query"),
    Key("spaces", "browse", "V", "V", "spaces", "spaces",
        "List the spaces, to use, compare or forget one"),
    Key("together", "browse", "A", "A", "alike(True)", "belong together",
        "Say that the marked sounds belong together"),
    Key("apart", "browse", "d", "d", "alike(False)", "not together",
        "Say that the marked sounds do not belong together"),
)
# fmt: on
