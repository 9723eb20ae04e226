"""Lines of figures: where their dots are, and what the scale says."""

from __future__ import annotations

import numpy as np

from tui.widgets.course_plot import LEAST, ends_of, line


def test_a_falling_figure_goes_from_the_upper_left_to_the_lower_right() -> None:
    dots = line([(0, 1.0), (100, 0.01)], 100, (0.01, 1.0), (40, 16))
    assert dots.shape == (16, 40)
    assert dots[0, 0]
    assert dots[15, 39]
    assert dots.any(axis=0).all()
    rows = dots.argmax(axis=0)
    assert (np.diff(rows) >= 0).all()


def test_a_figure_ends_where_its_job_is() -> None:
    dots = line([(10, 1.0), (50, 0.5)], 100, (0.5, 1.0), (40, 8))
    assert dots[:, :20].any(axis=0).sum() >= 16
    assert not dots[:, 21:].any()


def test_the_scale_holds_all_figures_and_is_never_empty() -> None:
    assert ends_of({"a": [(1, 0.5), (2, 0.25)], "b": [(1, 4.0)]}) == (0.25, 4.0)
    assert ends_of({"a": [(1, 2.0)]}) == (1.0, 4.0)
    assert ends_of({"a": [(1, 0.0), (2, 1.0)]}) == (LEAST, 1.0)
