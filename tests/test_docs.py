"""The documentation says what is: commands, targets, links and files are those that exist."""

from __future__ import annotations

import re
import shlex
import string
from pathlib import Path

import pytest

from library.locations import library_folder
from tests.command_docs import page, subcommands
from tui.cli import build_parser, parse_arguments

CHECKOUT = Path(__file__).parents[1]
PAGES = [*sorted(CHECKOUT.glob("*.md")), *sorted((CHECKOUT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
EXCUSED = {"commands.md"}  # its blocks are usage lines, with brackets


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def examples(first_word: str) -> list[tuple[str, str]]:
    """Every line of a code block that calls a program, with the page's name."""
    return [
        (path.name, line.split(" #")[0].strip())
        for path in PAGES
        if path.name not in EXCUSED
        for block in FENCE.findall(text(path))
        for line in block.splitlines()
        if line.split()[:1] == [first_word]
    ]


def anchor(heading: str) -> str:
    """The anchor that a heading gets."""
    kept = "".join(c for c in heading.lower() if c in string.ascii_letters + string.digits + " -_")
    return kept.replace(" ", "-")


def test_the_page_of_commands_is_the_parser() -> None:
    written = text(CHECKOUT / "docs" / "commands.md")
    assert written == page(build_parser()), "run `make docs`"


def test_the_page_of_commands_has_every_command_and_option() -> None:
    written = text(CHECKOUT / "docs" / "commands.md")
    for name, _, command in subcommands(build_parser()):
        section = written.split(f"## crate {name}\n")[1].split("\n## ")[0]
        for option in command._option_string_actions:
            assert option in {"-h", "--help"} or f"`{option}" in section, (name, option)


@pytest.mark.parametrize(("name", "line"), examples("crate"))
def test_a_crate_example_is_understood(name: str, line: str) -> None:
    parse_arguments(shlex.split(line)[1:])


@pytest.mark.parametrize(("name", "line"), examples("make"))
def test_a_make_example_has_a_target(name: str, line: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(CHECKOUT / "Makefile"), re.MULTILINE))
    words = shlex.split(line)[1:]
    assert {word for word in words if "=" not in word} <= targets


def test_the_readme_shows_examples() -> None:
    shown = {
        word for name, line in examples("crate") if name == "README.md" for word in line.split()
    }
    assert {"add", "similar", "morph"} <= shown
    assert {("README.md", "make demo"), ("README.md", "make test")} <= set(examples("make"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_link_leads_somewhere(path: Path) -> None:
    for target in LINK.findall(text(path)):
        if target.startswith(("https:", "mailto:")):
            continue
        file, _, fragment = target.partition("#")
        linked = path.parent / file if file else path
        assert linked.exists(), target
        if fragment:
            assert fragment in map(anchor, HEADING.findall(text(linked))), target


def test_every_page_is_reached_from_the_index() -> None:
    docs = CHECKOUT / "docs"
    linked = {(docs / target).resolve() for target in LINK.findall(text(docs / "index.md"))}
    pages = {path.resolve() for path in docs.glob("*.md")} - {(docs / "index.md").resolve()}
    assert pages <= linked


def test_the_page_of_files_names_the_folder_of_a_library() -> None:
    folder = library_folder(Path("library.sqlite")).name
    assert f"`{folder}/`" in text(CHECKOUT / "docs" / "files-on-disk.md")


def test_the_glossary_has_the_words_of_the_project() -> None:
    words = "sample clip frame step window latents z vector space attribute map morph variation"
    glossary = text(CHECKOUT / "CONTRIBUTING.md")
    for word in [*words.split(), "take", "job", "workspace"]:
        assert re.search(rf"^\| {word} \|", glossary, re.MULTILINE), word
