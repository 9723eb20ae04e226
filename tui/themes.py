"""The themes: one dark set of colours, and the same with light and dark exchanged.

Everything is drawn for the dark theme. The light one turns each colour's lightness round on its
way to the terminal and keeps its hue, so that what stood out still does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter
from textual.theme import Theme

from tui.colours import THEME, THEMES, VARIABLES

if TYPE_CHECKING:
    from textual.color import Color

PAPER, SLOPE, INK = 1.163, 1.014, 0.2
"""The ground of the dark theme becomes paper, and its lightest text ink."""


def themes() -> list[Theme]:
    """Return the themes for Textual; they differ in the filter alone."""
    return [Theme(name=name, dark=True, variables=VARIABLES, **THEME) for name in THEMES]


class LightFilter(LineFilter):
    """Turns the lightness of all colours round."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in other colours."""
        return [
            Segment(text, None if style is None else turned_style(style), control)
            for text, style, control in segments
        ]


@lru_cache(8192)
def turned_style(style: Style) -> Style:
    """Return a style with the lightness of its colours turned round."""
    return style + Style.from_color(_turned(style.color), _turned(style.bgcolor))


def _turned(color: RichColor | None) -> RichColor | None:
    if color is None or color.is_default:
        return color
    return RichColor.from_rgb(*turned(*color.get_truecolor()))


@lru_cache(8192)
def turned(red: int, green: int, blue: int) -> tuple[int, int, int]:
    """Return a colour with its lightness turned round in OKLab, and its hue kept.

    The colour space is Björn Ottosson's (2020), https://bottosson.github.io/posts/oklab/.

    Args:
        red: 0 to 255, as are green and blue.
        green: The same.
        blue: The same.
    """
    r, g, b = (_linear(each / 255) for each in (red, green, blue))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    lightness = min(1.0, max(INK, PAPER - SLOPE * lightness))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * yellow) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * yellow) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * yellow) ** 3
    return (
        _byte(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _byte(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _byte(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _byte(value: float) -> int:
    value = min(1.0, max(0.0, value))
    shown = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * shown)
