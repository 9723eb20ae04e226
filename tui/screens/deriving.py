"""The part of the library's screen that makes sounds from one sound, or from none."""

from __future__ import annotations

import secrets

from tui.heard_takes import HeardTakes, KeepFolder
from tui.screens.making import Making


class Deriving(Making):
    """Opens the grid of variations and the stream of dreams."""

    def __init__(self) -> None:
        super().__init__()
        self._heard = HeardTakes()
        self._keep_in = KeepFolder()

    def action_variations(self) -> None:
        """Open the variations of the sound under the cursor."""
        row = self._under_cursor()
        if row is None or self._workspace is None:
            self.notify("There is no sound to vary here")
        elif row.missing or row.state == "failed":
            self.notify("A sound that cannot be heard cannot be varied")
        else:
            from tui.screens.variations import Variations

            self._audition.play(None)
            folder, player = self._heard.folder(), self._audition.player
            self.app.push_screen(Variations(self._workspace, player, row, self._keep_in, folder))

    def action_dream(self) -> None:
        """Open the stream of dreams."""
        if self._workspace is not None:
            from tui.screens.dream import Dream

            self._audition.play(None)
            folder, player = self._heard.folder(), self._audition.player
            # Other dreams each time; each says in its recipe what it was drawn from.
            seed = secrets.randbelow(2**31)
            self.app.push_screen(Dream(self._workspace, player, self._keep_in, folder, seed))

    def let_go(self) -> None:
        """Remove what was heard and not kept."""
        super().let_go()
        self._heard.let_go()
