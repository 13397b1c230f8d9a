"""Predictions that another program made: a CSV or Parquet file with a row for each face."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from fercore.errors import UnreadableSourceError
from fercore.faces.contents import is_archive
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason
from fercore.sources.lines import MAX_LINE
from fercore.sources.parquet_files import opened
from fercore.sources.prediction_columns import form_of
from fercore.sources.prediction_rows import PredictionRows, RowReader

MOST_ROWS: Final = 2_000_000
_CHUNK: Final = 10_000
_MOST_BYTES: Final = 2**30  # of a row group, unpacked
_PARQUET: Final = b"PAR1"
_GZIP: Final = b"\x1f\x8b"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = (",", ";", "\t")
_EXCEL: Final = tuple(f"sep={delimiter}" for delimiter in _DELIMITERS)  # a first line that Excel understands


def read(path: Path) -> PredictionRows:
    """Every row of a file; raises UnreadableSourceError where it is no file of predictions."""
    with _readable(path), path.open("rb") as stream:
        head = stream.read(4)
    if head == _PARQUET:
        return _read_parquet(path)
    if head[:2] == _GZIP or is_archive(path):
        raise UnreadableSourceError(
            sentence(
                "'{name}' is an archive or a spreadsheet, no table. Unpack it, or save it as CSV UTF-8.", name=path.name
            )
        )
    wide = head[:2] in _UTF16
    with _readable(path), path.open(encoding="utf-16", newline="") if wide else path.open("rb") as stream:
        return _read_csv(path.name, stream)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableSourceError(
            sentence("'{path}' cannot be read: {strerror}.", path=path.name, strerror=reason(error))
        ) from error


def _read_csv(name: str, stream: IO[Any]) -> PredictionRows:
    lines = _decoded(name, stream)
    header, delimiter, before = _header(name, lines)
    reader = RowReader(form_of(header, name), "line", decimal_comma=delimiter == ";")
    faults: dict[int, str] = {}
    table = _numbered(name, csv.reader(lines, delimiter=delimiter, strict=True), before)
    count = 0
    while chunk := list(islice(table, _CHUNK)):
        count = _counted(name, count + len(chunk))
        for number, cells in chunk:
            if len(cells) != len(header):
                faults[number] = sentence(
                    "it has {count} cells, and the header has {expected}", count=len(cells), expected=len(header)
                )
        whole = [row for row in chunk if row[0] not in faults]
        reader.take([number for number, _ in whole], [cells for _, cells in whole])
    rows = reader.finish()
    rows.faults |= faults
    return _with_rows(name, rows)


def _header(name: str, lines: Iterator[str]) -> tuple[list[str], str, int]:
    """The names of the columns, the sign between them, and the number of lines up to here."""
    first = next(lines, "")
    if not first.strip():
        raise UnreadableSourceError(sentence("'{name}' is empty.", name=name))
    if "\0" in first:
        raise UnreadableSourceError(sentence("'{name}' is not a text file.", name=name))
    if first.strip().lower() in _EXCEL:
        delimiter = first.strip("\r\n ")[-1]
        return next(csv.reader([next(lines, "")], delimiter=delimiter), []), delimiter, 2
    delimiter = max(_DELIMITERS, key=first.count)
    return next(csv.reader([first], delimiter=delimiter), []), delimiter, 1


def _numbered(name: str, table: Any, before: int) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line on which each ends, after so many lines before the table."""
    while True:
        try:
            cells = next(table, None)
        except csv.Error as error:
            raise UnreadableSourceError(
                sentence("'{name}', line {number}: {error}.", name=name, number=table.line_num + before, error=error)
            ) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield table.line_num + before, cells


def _decoded(name: str, stream: IO[Any]) -> Iterator[str]:
    """Lines of text, each no longer than a limit; raises UnreadableSourceError where a line is no UTF-8."""
    number = 0
    while True:
        number += 1
        try:
            line = stream.readline(MAX_LINE)
            text = line if isinstance(line, str) else line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeError as error:
            raise UnreadableSourceError(
                sentence(
                    "'{name}', line {number}: not UTF-8. Save the file as UTF-8 (in Excel: CSV UTF-8).",
                    name=name,
                    number=number,
                )
            ) from error
        if not text:
            return
        if len(line) == MAX_LINE and not text.endswith("\n"):
            raise UnreadableSourceError(
                sentence("'{name}', line {number}: longer than {limit} KB.", name=name, number=number, limit=64)
            )
        yield text


def _read_parquet(path: Path) -> PredictionRows:
    with opened(path) as table:
        schema, metadata = table.schema_arrow, table.metadata
        sizes = [metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups)]
        if metadata.num_rows > MOST_ROWS or max(sizes, default=0) > _MOST_BYTES:
            raise _too_many(path.name)
        ranges = _ranges(schema.metadata or {}, metadata.num_rows)
        every = [*schema.names, *ranges]
        form = form_of(every, path.name)
        reader = RowReader(form, "row")
        used = sorted(set(form.used))
        names = [every[place] for place in used if place < len(schema.names)]
        count = 0
        for batch in table.iter_batches(_CHUNK, columns=names, use_threads=False):
            columns = {
                place: batch.column(names.index(every[place])).to_pylist()
                if place < len(schema.names)
                else list(ranges[every[place]][count : count + batch.num_rows])
                for place in used
            }
            rows = [_Cells(columns, index) for index in range(batch.num_rows)]
            reader.take(range(count + 1, count + batch.num_rows + 1), rows)
            count = _counted(path.name, count + batch.num_rows)
    return _with_rows(path.name, reader.finish())


def _ranges(metadata: dict[bytes, bytes], rows: int) -> dict[str, range]:
    """Named indexes that pandas writes as a start, a stop and a step, and as no column; none that do not fit."""
    try:
        indexes = json.loads(metadata.get(b"pandas", b"{}"))["index_columns"]
        named = {str(each["name"]): range(each["start"], each["stop"], each["step"]) for each in indexes}
    except (ValueError, TypeError, KeyError):
        return {}
    return {name: index for name, index in named.items() if len(index) == rows}


class _Cells(Sequence[Any]):
    """One row of columns, by the place of each in the file."""

    def __init__(self, columns: dict[int, list[Any]], index: int) -> None:
        self._columns, self._index = columns, index

    def __getitem__(self, place: Any) -> Any:
        return self._columns[place][self._index]

    def __len__(self) -> int:
        return len(self._columns)


def _counted(name: str, count: int) -> int:
    if count > MOST_ROWS:
        raise _too_many(name)
    return count


def _too_many(name: str) -> UnreadableSourceError:
    return UnreadableSourceError(
        sentence("'{name}' has more than {most} rows. Keep those of one split.", name=name, most=f"{MOST_ROWS:,}")
    )


def _with_rows(name: str, rows: PredictionRows) -> PredictionRows:
    if not rows.places and not rows.faults:
        raise UnreadableSourceError(sentence("'{name}' has a header and no rows.", name=name))
    return rows
