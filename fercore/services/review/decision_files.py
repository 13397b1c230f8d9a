"""Decisions in files: CSV or JSON Lines, told apart by the file's ending, with the same columns in both."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from fercore.errors import UnreadableSourceError, disk_error
from fercore.language import tr
from fercore.language.sentences import words
from fercore.language.system_reasons import reason

COLUMNS: Final = (
    "id",
    "action",
    "dataset",
    "face",
    "reviewer",
    "kind",
    "emotion",
    "reason",
    "before",
    "undoes",
    "decided_at",
    "adjudicates",
    "note",
    "advisor",
)
LATER: Final = ("adjudicates", "note", "advisor")  # older files do not have them
JSON_LINES: Final = (".jsonl", ".ndjson")
LONGEST_LINE: Final = 64 * 1024

DecisionRow = dict[str, str]


@contextmanager
def writing(file: Path, columns: Sequence[str] = COLUMNS) -> Iterator[Callable[[DecisionRow], object]]:
    """A writer of one decision after the other; raises UnreadableSourceError where there is no place for the file,
    StoredDataError where the disk is full."""
    try:
        with file.open("w", newline="", encoding="utf-8") as target:
            if file.suffix.lower() in JSON_LINES:
                yield lambda row: target.write(json.dumps(row, ensure_ascii=False) + "\n")
            else:
                table = csv.DictWriter(target, columns)
                table.writeheader()
                yield table.writerow
    except OSError as error:
        why = words(reason(error))
        raise disk_error(tr("'{name}' cannot be written: {why}.", name=file, why=why), error) from None


@contextmanager
def reading(file: Path) -> Iterator[Iterator[tuple[int, DecisionRow]]]:
    """Every decision with the number of its line; raises UnreadableSourceError for a file of another kind.

    A row without one of the columns has fewer entries: whoever reads it says so.
    """
    with _opened(file, "r") as source:
        try:
            yield _lines(source) if file.suffix.lower() in JSON_LINES else _rows(source)
        except UnicodeDecodeError:
            raise UnreadableSourceError(tr("The file is not UTF-8 text.")) from None
        except csv.Error as error:
            raise UnreadableSourceError(tr("The file is not CSV: {error}", error=error)) from None


def _rows(source: Any) -> Iterator[tuple[int, DecisionRow]]:
    reader = csv.DictReader(source)
    missing = set(COLUMNS) - set(LATER) - set(reader.fieldnames or ())
    if missing:
        raise UnreadableSourceError(
            tr(
                "The file lacks the columns {missing}: it should be what `review export` wrote.",
                missing=", ".join(sorted(missing)),
            )
        )
    for row in reader:
        yield reader.line_num, {name: row[name] for name in COLUMNS if row.get(name) is not None}


def _lines(source: Any) -> Iterator[tuple[int, DecisionRow]]:
    number = 0
    while line := source.readline(LONGEST_LINE):
        number += 1
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise UnreadableSourceError(
                tr("Line {number} is not a JSON object: the file should be what `review export` wrote.", number=number)
            )
        yield number, {name: "" if row[name] is None else str(row[name]) for name in COLUMNS if name in row}


def _opened(file: Path, mode: str) -> Any:
    try:
        return file.open(mode, newline="", encoding="utf-8-sig" if mode == "r" else "utf-8")
    except OSError as error:
        raise UnreadableSourceError(
            tr("'{name}' cannot be opened: {why}.", name=file.name, why=words(reason(error)))
        ) from None
