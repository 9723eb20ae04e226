"""The side panel: collections, saved searches, tags, categories and folders as one tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from tui.colours import ACCENT, QUIET, colour_of
from tui.keys import Scope, bindings
from tui.places import Folder, Places
from tui.query_edit import term


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line of the tree is about.

    Attributes:
        kind: "section", or what a choice is of: "folder", "in", "tag", "category", "search".
        name: What is shown.
        value: The term that chooses it, or the whole query of a saved search.
        samples: How many; None where that is not counted.
        folder: Of which the folders are put below it when it is opened.
    """

    kind: str
    name: str
    value: str = ""
    samples: int | None = None
    folder: Folder | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same when the numbers change."""
        return self.kind, self.value or self.name


class SidePanel(Tree[Entry]):
    """Offers places; choosing one tells the term or the query that stands for it."""

    key_scope: ClassVar[Scope] = "panel"
    BINDINGS = bindings("panel")
    DEFAULT_CSS = """
    SidePanel {
        width: 26; height: 1fr; padding: 0 0 0 1; display: none;
        background: $surface; color: $foreground;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
        overflow-x: hidden;
        &.-shown { display: block; }
        & > .tree--cursor { background: $panel; text-style: none; }
        &:focus > .tree--cursor { background: $primary-muted; }
        &:focus { background-tint: transparent; }
    }
    """

    class Chosen(Message):
        """A place was chosen."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    class Left(Message):
        """Done with the panel."""

    def __init__(self) -> None:
        super().__init__("places")
        self.show_root = False
        self.show_guides = False
        self.guide_depth = 2
        self.auto_expand = False
        self._places = Places()
        self._open: set[tuple[str, str]] = {
            ("section", name) for name in ("collections", "searches", "tags", "folders")
        }

    def show(self, places: Places) -> None:
        """Offer other places; what was open stays open, and the cursor where it was."""
        if places == self._places and self.root.children:
            return
        if len(places.folders) == 1 and not self._places.folders:
            self._open.add(_folder(places.folders[0]).key)
        self._places = places
        at = self.cursor_node.data.key if self.cursor_node and self.cursor_node.data else None
        self.clear()
        for name, entries in _sections(places):
            if entries:
                self._put(self.root, Entry("section", name, samples=len(entries)), entries)
        self._go_to(at)

    def _go_to(self, key: tuple[str, str] | None) -> None:
        nodes = [self.root]
        while nodes:
            node = nodes.pop()
            if node.data is not None and node.data.key == key:
                self.call_after_refresh(self.move_cursor, node)
                return
            nodes += node.children

    def _put(self, above: TreeNode[Entry], entry: Entry, below: list[Entry]) -> None:
        if not below:
            above.add_leaf(_label(entry), entry)
            return
        node = above.add(_label(entry), entry)
        if entry.key in self._open:
            self._fill(node, below)
            node.expand()

    def _fill(self, node: TreeNode[Entry], below: list[Entry]) -> None:
        """Put the entries below one, when it is opened for the first time."""
        for entry in below:
            folders = entry.folder.folders if entry.folder else {}
            self._put(node, entry, [_folder(each) for each in folders.values()])

    def _below(self, entry: Entry) -> list[Entry]:
        if entry.folder is not None:
            return [_folder(each) for each in entry.folder.folders.values()]
        return dict(_sections(self._places)).get(entry.name, [])

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Entry]) -> None:
        """Put in what is below, the first time, and remember that it is open."""
        event.stop()
        if event.node.data is not None:
            self._open.add(event.node.data.key)
            if not event.node.children:
                self._fill(event.node, self._below(event.node.data))

    def on_tree_node_collapsed(self, event: Tree.NodeCollapsed[Entry]) -> None:
        """Remember that it is closed."""
        event.stop()
        if event.node.data is not None:
            self._open.discard(event.node.data.key)

    def on_tree_node_selected(self, event: Tree.NodeSelected[Entry]) -> None:
        """Tell what was chosen; a heading opens and closes."""
        event.stop()
        entry = event.node.data
        if entry is None or entry.kind == "section":
            event.node.toggle()
        else:
            self.post_message(self.Chosen(entry))

    def action_open(self) -> None:
        """Open what is at the cursor."""
        if self.cursor_node is not None:
            self.cursor_node.expand()

    def action_close(self) -> None:
        """Close what is at the cursor, or go to what it is in."""
        node = self.cursor_node
        if node is not None and node.is_expanded and node.allow_expand:
            node.collapse()
        elif node is not None and node.parent is not None and node.parent is not self.root:
            self.move_cursor(node.parent)

    def action_leave(self) -> None:
        """Go on to the list."""
        self.post_message(self.Left())

    def render_label(self, node: TreeNode[Entry], base_style: Style, style: Style) -> Text:
        """Draw a line: the name, and at the right how many."""
        entry = node.data
        if entry is None:
            return Text("")
        heading = entry.kind == "section"
        leaf = "  " if entry.kind == "folder" else ""
        arrow = ("▾ " if node.is_expanded else "▸ ") if node.allow_expand else leaf
        number = "" if entry.samples is None or heading else f" {entry.samples:,}"
        depth = -1
        above = node.parent
        while above is not None:
            depth, above = depth + 1, above.parent
        room = self.scrollable_content_region.width - 2 * depth - cell_len(arrow + number) - 1
        name = entry.name
        if cell_len(name) > room:
            name = set_cell_size(name, max(0, room - 1)) + "…"
        colour = ACCENT if heading else colour_of(name) if entry.kind == "category" else ""
        text = Text(arrow, style=QUIET, no_wrap=True)
        text.append(set_cell_size(name, max(0, room)), style=colour)
        text.append(number, style=QUIET)
        text.stylize_before(style)
        return text


def _label(entry: Entry) -> Text:
    return Text(entry.name)


def _folder(folder: Folder) -> Entry:
    value = term("folder", f"/{folder.path}/")
    return Entry("folder", folder.name, value, folder.samples, folder)


def _sections(places: Places) -> list[tuple[str, list[Entry]]]:
    """Return the headings with what stands below them."""

    def of(field: str, counts: dict[str, int]) -> list[Entry]:
        return [Entry(field, name, term(field, name), count) for name, count in counts.items()]

    searches = [Entry("search", name, query) for name, query in places.searches.items()]
    return [
        ("collections", of("in", dict(places.collections))),
        ("searches", searches),
        ("tags", of("tag", dict(places.tags))),
        ("categories", of("category", dict(places.categories))),
        ("folders", [_folder(each) for each in places.folders]),
    ]
