"""Weights of faces in a CSV: a column `face` (numbers) or `pixels` (SHA-256 in hex), and a column `weight`."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fercore.curation.face_weights import checked
from fercore.errors import InputError, UnreadableSourceError
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason

FACE: Final = "face"
PIXELS: Final = "pixels"
WEIGHT: Final = "weight"
MOST_BYTES: Final = 2**30


@dataclass(frozen=True, slots=True)
class WeightRow:
    """The weight of one face, which is named by its number or by the hash of its pixels, in a line of the file."""

    line: int
    face: int | None
    pixels: str | None
    weight: float


def read(path: Path) -> list[WeightRow]:
    """Every row of a file; raises UnreadableSourceError for another kind of file, InputError for the first bad row."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableSourceError(sentence("'{name}' has over {limit} GB of text.", name=path.name, limit=1))
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            names = {name.strip().lower(): name for name in reader.fieldnames or ()}
            key = next((name for name in (FACE, PIXELS) if name in names), None)
            if key is None or WEIGHT not in names:
                raise UnreadableSourceError(
                    sentence("'{name}', line 1: expected the columns face or pixels, and weight.", name=path.name)
                )
            return [_row(path.name, reader.line_num, key, row[names[key]], row[names[WEIGHT]]) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableSourceError(sentence("'{name}' is not a CSV in UTF-8.", name=path.name)) from error
    except OSError as error:
        raise UnreadableSourceError(
            sentence("'{path}' cannot be read: {strerror}.", path=path.name, strerror=reason(error))
        ) from error


def _row(name: str, line: int, key: str, face: str | None, weight: str | None) -> WeightRow:
    given = (face or "").strip()
    try:
        number = int(given) if key == FACE else None
        value = float((weight or "").strip())
    except ValueError:
        raise InputError(
            sentence("'{name}', line {line}: expected a face and a number as its weight.", name=name, line=line)
        ) from None
    try:
        return WeightRow(line, number, None if key == FACE else given.lower(), checked(value))
    except InputError as error:
        raise InputError(sentence("'{name}', line {line}: {error}", name=name, line=line, error=error)) from None
