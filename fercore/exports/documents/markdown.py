"""A document as Markdown, its tables also as CSV and its pictures as SVG in a folder beside it."""

import csv
import io
import re
from collections.abc import Mapping
from typing import Final

from fercore.exports.documents.document import Block, Document, Kind, Listing, Paragraph, Picture, Source, Table, shown

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~$!])")
# What begins a list, a heading or a quotation where it begins a line.
_OPENING: Final = re.compile(r"^(\s*)([-+=>]|\d+[.)])")


def as_markdown(document: Document, folder: str) -> str:
    """The text; `folder` is the name of the folder with its files, relative to it."""
    parts = [f"# {_plain(document.title)}", _plain(document.made)]
    for section in document.sections:
        parts.append(f"## {_plain(section.title)}")
        parts += [_block(block, folder) for block in section.blocks]
    return "\n\n".join(parts) + "\n"


def files(document: Document) -> Mapping[str, bytes]:
    """The files beside it by name: tables as CSV, pictures as SVG, and texts as they are."""
    beside = {f"{table.name}.csv": as_csv(table) for table in document.tables}
    beside |= {f"{picture.name}.svg": picture.svg.encode() for picture in document.pictures}
    return beside | {source.name: source.text.encode() for source in document.sources}


def as_csv(table: Table) -> bytes:
    """A table with its values as they are: shares from 0 to 1, differences of shares from -1 to 1."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.title for column in table.columns])
    writer.writerows(table.rows)
    return text.getvalue().encode("utf-8-sig")  # so that Excel reads Korean, too


def _block(block: Block, folder: str) -> str:
    match block:
        case Paragraph(text):
            return _plain(text)
        case Listing(items):
            return "\n".join(f"- {_plain(item)}" for item in items)
        case Source(name, title, _):
            return f"[{_plain(title)}]({folder}/{name})"
        case Picture(name, title, words, _):
            return f"![{_plain(title)}]({folder}/{name}.svg)\n\n{_plain(words)}"
        case Table():
            return _table(block, folder)


def _table(table: Table, folder: str) -> str:
    kinds = [column.kind for column in table.columns]
    lines = [
        f"| {' | '.join(_plain(column.title) for column in table.columns)} |",
        f"|{'|'.join(' ---: ' if kind.is_figure else ' --- ' for kind in kinds)}|",
        *(f"| {' | '.join(map(_cell, row, kinds))} |" for row in table.rows),
    ]
    return f"**{_plain(table.caption)}** ([CSV]({folder}/{table.name}.csv))\n\n" + "\n".join(lines)


def _cell(value: object, kind: Kind) -> str:
    return _plain(shown(value, kind)).lstrip("\\") if kind.is_figure else _plain(shown(value, kind))


def _plain(text: str) -> str:
    """A text in one line that no reader of Markdown takes for anything but text."""
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _OPENING.sub(lambda found: f"{found[1]}{_opened(found[2])}", line)


def _opened(sign: str) -> str:
    return f"\\{sign}" if len(sign) == 1 else f"{sign[:-1]}\\{sign[-1]}"
