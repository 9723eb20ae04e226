from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.waveform import overview
from tests import audio_cases


def test_each_column_holds_the_extremes_of_its_stretch() -> None:
    shape = overview(audio_cases.clip([[0, 1, 2, 3, 4, 5], [0, -1, 0, 0, 0, -7]]), 3)
    assert shape.tolist() == [[-1, 1], [0, 3], [-7, 5]]
    assert shape.dtype == np.float32


def test_every_frame_falls_into_some_column() -> None:
    frames = np.zeros(1000)
    frames[-1], frames[0] = 1.0, -1.0
    shape = overview(audio_cases.clip(frames), 7)
    assert shape.max() == 1.0
    assert shape.min() == -1.0


def test_fewer_frames_than_columns_repeat() -> None:
    assert overview(audio_cases.clip([0.25, 0.5]), 4)[:, 1].tolist() == [0.25, 0.25, 0.5, 0.5]


def test_no_frames_draw_a_flat_line() -> None:
    assert not overview(Clip(np.zeros((2, 0), np.float32), 44_100), 5).any()


def test_no_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one column"):
        overview(audio_cases.tone(), 0)
