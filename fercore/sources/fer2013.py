"""FER2013 as Kaggle gives it: the CSV (plain, gzipped, in a zip) or its form as folders of pictures."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from fercore.emotions import FER2013_CODES
from fercore.errors import Fault, UnreadableSourceError
from fercore.faces.files import is_zip
from fercore.sources import folder
from fercore.sources.lines import MAX_LINE, Lines, opened, tables_in
from fercore.sources.record import AS_IT_IS, FaceRecord, OnProgress, Options, Split, pixel_hash
from fercore.sources.rows import COLUMNS, WORDS, BadRowError, fields_of, parse_row

_PROGRESS_EVERY: Final = 200  # rows

Copies = Counter[tuple[Split, int, str]]


def read(
    path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None
) -> Iterator[FaceRecord | Fault]:
    """Every row or picture of FER2013 in its order; faults name the line or the file.

    Raises `UnreadableSourceError` where the file has another form, and `UnknownEmotionError` for a
    folder whose name is no emotion. `options.split` is for pictures in no split folder.
    """
    if (path.is_dir() or is_zip(path)) and not tables_in(path):
        yield from folder.read(path, options, on_progress)
        return
    with opened(path) as lines:
        yield from _records(lines, on_progress)


def _records(lines: Lines, on_progress: OnProgress | None) -> Iterator[FaceRecord | Fault]:
    numbered = iter(lines)
    columns = _columns(next(numbered, (1, b""))[1], lines.name)
    copies: Copies = Counter()
    number = 1
    for number, line in numbered:
        if line is None or line.strip():
            yield _record(line, columns, copies, number)
        if on_progress and number % _PROGRESS_EVERY == 0:
            on_progress(lines.position(), lines.total)
    if number == 1:
        raise UnreadableSourceError(f"'{lines.name}' has a header and no rows.")
    if on_progress:
        on_progress(lines.total, lines.total)


def _record(line: bytes | None, columns: Sequence[int], copies: Copies, number: int) -> FaceRecord | Fault:
    """FER2013 holds exact copies, and all are kept: the n-th of its kind is told apart by its n."""
    try:
        if line is None:
            raise BadRowError(f"longer than {MAX_LINE // 1024} KB")
        row = parse_row(line, columns)
    except BadRowError as error:
        return Fault(f"line {number}", str(error))
    digest = pixel_hash(row.pixels)
    copies[row.split, row.code, digest] += 1
    return FaceRecord(
        identity=f"{row.split}/{row.code}/{digest}/{copies[row.split, row.code, digest]}",
        split=row.split,
        emotion=FER2013_CODES[row.code],
        word=WORDS[row.code],
        pixels=row.pixels,
        pixel_hash=digest,
        where=f"line {number}",
    )


def _columns(header: bytes | None, name: str) -> Sequence[int]:
    """The places of emotion, pixels and usage in the header line; raises `UnreadableSourceError`."""
    expected = "expected emotion,pixels,Usage as in Kaggle's fer2013.csv"
    if header == b"":
        raise UnreadableSourceError(f"'{name}' is empty; {expected}.")
    if header is None:
        raise UnreadableSourceError(f"'{name}', line 1: no header, but a very long line; {expected}.")
    try:
        cells = fields_of(header.removeprefix(b"\xef\xbb\xbf"))
    except BadRowError as error:
        raise UnreadableSourceError(f"'{name}', line 1: {error}.") from error
    found = [cell.decode(errors="replace").strip().lower() for cell in cells]
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        what = "no header" if cells[0].strip().isdigit() else f"no column {', '.join(missing)}"
        shown = ",".join(cell[:20] for cell in found[:6])
        raise UnreadableSourceError(f"'{name}', line 1: {what} (it reads '{shown}'); {expected}.")
    return [found.index(column) for column in COLUMNS]
