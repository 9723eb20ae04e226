"""`python -m tui` is `crate`."""

import sys

from tui.cli import main

sys.exit(main())
