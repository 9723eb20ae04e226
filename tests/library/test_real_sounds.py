from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from pathlib import Path
from statistics import median

import pytest

from library.category import category_from_name
from library.decode import decode
from library.descriptors import Descriptors, describe
from library.errors import DecodeError
from library.walk import Walk

pytestmark = [pytest.mark.sounds, pytest.mark.slow]


def test_real_sounds_are_described_as_one_hears_them(sounds: Path) -> None:
    described: dict[str | None, list[Descriptors]] = defaultdict(list)
    for file in Walk(str(sounds)).whole():
        try:
            clip = decode(Path(file.path), max_seconds=5.0).clip
        except DecodeError:  # any folder may hold a broken file
            continue
        facts = describe(clip)
        assert all(v is None or math.isfinite(v) for v in dataclasses.asdict(facts).values())
        described[category_from_name(Path(file.path).relative_to(sounds)).category].append(facts)
    kicks, hats = described["kick"], described["hat"]
    if len(kicks) < 10 or len(hats) < 10:
        pytest.skip("the folder names fewer than 10 kicks or 10 hats")
    assert median(k.low_end or 0.0 for k in kicks) > 0.5
    assert median(h.low_end or 0.0 for h in hats) < 0.05
    assert median(h.brightness or 0.0 for h in hats) > 10 * median(k.brightness or 0 for k in kicks)
    assert sum(h.pitch is None for h in hats) > 0.8 * len(hats)
