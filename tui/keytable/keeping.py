"""Actions on the library as a whole, as jobs."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("add", "browse", "f", "f", "app.add", "add folder",
        "Add a folder to the library; its files are only ever read"),
    Key("scan", "browse", "S", "S", "app.scan", "rescan",
        "Bring the library up to date with the disks"),
    Key("project", "browse", "P", "P", "app.project", "compute map",
        "Compute the map of the whole library"),
    Key("stop", "browse", "X", "X", "app.stop_job", "stop the job",
        "Stop the job that the bar shows; what it has done is kept"),
)
# fmt: on
