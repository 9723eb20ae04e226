"""The command palette over the one table of actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode

from tui.key import Key
from tui.keymap import in_use


class KeyCommands(Provider):
    """Offers the actions of what has the keyboard, of the screen and of the application."""

    def _offered(self) -> Iterator[tuple[DOMNode, Key]]:
        nodes = [self.focused, self.screen, self.app]
        for node in filter(None, nodes):
            scope = getattr(node, "key_scope", None)
            if scope is not None:
                keys = in_use(getattr(self.app, "keymap", {}), scope)
                yield from ((node, key) for key in keys if key.id != "palette")

    def _run(self, node: DOMNode, key: Key) -> Callable[[], Awaitable[bool]]:
        return partial(self.app.run_action, key.action, node)

    async def discover(self) -> Hits:
        """Offer every action."""
        for node, key in self._offered():
            yield DiscoveryHit(_title(key), self._run(node, key), help=key.help)

    async def search(self, query: str) -> Hits:
        """Offer the actions whose name or help fits what was typed."""
        matcher = self.matcher(query)
        for node, key in self._offered():
            score = max(matcher.match(_title(key)), matcher.match(key.help) * 0.8)
            if score > 0:
                title = matcher.highlight(_title(key))
                yield Hit(score, title, self._run(node, key), help=key.help)


def _title(key: Key) -> str:
    return f"{key.label}  ({key.shown})"
