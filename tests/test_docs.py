"""The papers of the house agree with the code."""

import re

import click
import pytest

from fercore import __version__
from fercore.cli import cli
from fercore.settings import ROOT, Settings

PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def commands(group: click.Group, path: tuple[str, ...] = ()) -> dict[str, str]:
    """Every command that is shown in help, with the first line of its own."""
    listed = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            listed |= commands(command, (*path, name))
        elif not command.hidden:
            listed[" ".join((*path, name))] = (command.help or "").splitlines()[0].rstrip(".")
    return listed


def test_every_command_is_described_as_its_help_says():
    text = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z0-9 -]+)` \| (.+) \|$", text, re.MULTILINE)
    assert dict(rows) == commands(cli)


def test_every_setting_is_described():
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    written = set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))
    read = {str(field.validation_alias or f"FERCORE_{name.upper()}") for name, field in Settings.model_fields.items()}
    assert written == read


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_links_between_papers_lead_somewhere(paper):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", paper.read_text("utf-8"))
    assert [link for link in links if not (paper.parent / link).exists()] == []


def test_the_readme_is_short_and_the_version_has_a_section():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 120
    assert re.search(
        rf"^## {re.escape(__version__)} - \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text("utf-8")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_modules_named_in_papers_exist(paper):
    text = paper.read_text("utf-8")
    paths = re.findall(r"`((?:fercore|tests|pages|benchmarks)/[\w/.]+)`", text)
    assert [
        path
        for path in paths
        if not any(word in path for word in ("NAME", "NNNN", "DOMAIN", "GROUP")) and not (ROOT / path).exists()
    ] == []
