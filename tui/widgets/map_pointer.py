"""The mouse on the map: passing over a sound hears it, a drag pans or draws a lasso."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.widget import Widget

from tui.widgets.map_lasso import Lasso

if TYPE_CHECKING:
    from tui.widgets.map_drawing import View
    from tui.widgets.map_grid import PointGrid

ZOOM = 1.6
_HOVER_REACH, _CLICK_REACH = 0.5, 4.0  # lines


class MapPointer(Widget):
    """What the mouse does to a map; the map itself is a subclass."""

    _points: PointGrid | None
    _view: View
    _lasso: Lasso | None

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - the name Textual uses
        super().__init__(id=id)
        self._pressed: tuple[int, int] | None = None
        self._dragged = False
        self._passed = (-1, -1)

    def _look(self, view: View) -> None:
        raise NotImplementedError

    def _move_to(self, place: int) -> None:
        raise NotImplementedError

    def _draw_lasso(self, lasso: Lasso | None) -> None:
        raise NotImplementedError

    def _close_lasso(self) -> None:
        raise NotImplementedError

    def action_choose(self) -> None:
        """Choose the sample under the cursor."""
        raise NotImplementedError

    def _at(self, event: events.MouseEvent) -> tuple[float, float]:
        """Return the point of the map under the middle of the pointer's cell."""
        return self._view.place(event.x + 0.5, event.y + 0.5, self.size)

    def _under(self, event: events.MouseEvent, reach: float) -> int | None:
        if not self._points:
            return None
        return self._points.nearest(*self._at(event), self._view.scale(self.size), reach)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a drag; with shift, ctrl or a lasso under way it draws a line."""
        if event.button != 1 or not self._points:
            return
        self._pressed, self._dragged = (event.x, event.y), False
        if event.shift or event.ctrl or self._lasso is not None:
            self._draw_lasso(Lasso([self._at(event)], box=False))
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw, pan, or hear what the pointer passes over, once for each cell."""
        here = (event.x, event.y)
        if self._pressed is not None and here != self._pressed:
            right, down = here[0] - self._pressed[0], here[1] - self._pressed[1]
            self._pressed, self._dragged = here, True
            if self._lasso is not None:
                self._lasso.path.append(self._at(event))
                self._draw_lasso(self._lasso)
            else:
                self._look(self._view.panned(-right / self.size.width, -down / self.size.height))
        elif self._pressed is None and self._lasso is None and here != self._passed:
            place = self._under(event, _HOVER_REACH)
            if place is not None:
                self._move_to(place)
        self._passed = here

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a drag; a line that was drawn is closed."""
        if self._pressed is None:
            return
        self._pressed = None
        self.release_mouse()
        if self._lasso is not None and not self._lasso.box:
            if len(self._lasso.path) > 2:
                self._close_lasso()
            else:
                self._draw_lasso(None)

    def on_click(self, event: events.Click) -> None:
        """Move to the sample nearest to a click; choose it on the second one."""
        if self._dragged or self._lasso is not None:
            return
        place = self._under(event, _CLICK_REACH)
        if place is not None:
            self._move_to(place)
            if event.chain == 2:
                self.action_choose()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in around the pointer."""
        self._wheel(event, ZOOM)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out around the pointer."""
        self._wheel(event, 1 / ZOOM)

    def _wheel(self, event: events.MouseEvent, factor: float) -> None:
        event.stop()
        self._look(self._view.zoomed(factor, *self._at(event)))
