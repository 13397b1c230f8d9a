"""A document of text, tables and pictures, from which files of several kinds are written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Kind(StrEnum):
    """The kinds of values in a table's column, which decide how they are read."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"  # in percent
    POINTS = "points"  # a difference of shares
    SIZE = "size"  # of a difference, without a sign
    P = "p"
    NUMBER = "number"

    @property
    def is_figure(self) -> bool:
        """True for what stands at the right edge of its column."""
        return self is not Kind.TEXT


@dataclass(frozen=True)
class Column:
    """A column: its title, and the kind of its values."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Table:
    """A table; `name` is that of its CSV file. A value may be None: there is none."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A picture as SVG; `words` are its text alternative, `name` is that of its file."""

    name: str
    title: str
    words: str
    svg: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of plain text."""

    text: str


@dataclass(frozen=True)
class Listing:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A text that stands as it is, such as a recipe; `name` is that of its file."""

    name: str
    title: str
    text: str


Block = Table | Picture | Paragraph | Listing | Source


@dataclass(frozen=True)
class Section:
    """A titled part of a document."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A document; `language` is the code of its sentences, `made` the line with its date, the only one that changes."""

    title: str
    language: str
    made: str
    sections: tuple[Section, ...]

    @property
    def tables(self) -> list[Table]:
        """All tables, in their order."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Table)]

    def listing(self, number: int) -> tuple[str, ...]:
        """The sentences of the first list of a section, counted from 0; none where it has no list."""
        lists = [block for block in self.sections[number].blocks if isinstance(block, Listing)]
        return lists[0].items if lists else ()

    @property
    def pictures(self) -> list[Picture]:
        """All pictures, in their order."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Picture)]

    @property
    def sources(self) -> list[Source]:
        """All texts that stand as they are, in their order."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Source)]


_FORMATS: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.TEXT: str,
    Kind.COUNT: "{:,}".format,
    Kind.SHARE: lambda share: f"{share * 100:.1f} %",
    Kind.POINTS: lambda share: f"{share * 100:+.1f}",
    Kind.SIZE: lambda share: f"{share * 100:.1f}",
    Kind.P: lambda p: "< 0.001" if p < 0.001 else f"{p:.3f}",
    Kind.NUMBER: "{:,.4g}".format,
}


def shown(value: Any, kind: Kind) -> str:
    """A value of a table as it is read; a dash where there is none."""
    if value is None or value == "":
        return "–"
    text = _FORMATS[kind](value)
    return text.replace("-", "−") if kind.is_figure else text
