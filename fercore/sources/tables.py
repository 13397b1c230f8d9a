"""A CSV of FER2013's form, `emotion,pixels,Usage`: one row a face, for FER2013 itself and for CK+."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fercore.errors import Fault, UnreadableSourceError
from fercore.language.sentences import sentence
from fercore.sources.lines import MAX_LINE, Lines
from fercore.sources.record import FaceRecord, Notice, OnProgress, left_out, pixel_hash
from fercore.sources.rows import COLUMNS, BadRowError, Coding, CsvRow, fields_of, parse_row
from fercore.splits import Split

_PROGRESS_EVERY: Final = 200  # rows


@dataclass(frozen=True)
class TableForm:
    """The form of a CSV: its codes, Kaggle's name for it, and one split for all of it (None: its `Usage`).

    `fallback` is the split of a CSV without a column `Usage`.
    """

    coding: Coding
    example: str
    split: Split | None = None
    fallback: Split | None = None


def read_table(lines: Lines, form: TableForm, on_progress: OnProgress | None) -> Iterator[FaceRecord | Fault | Notice]:
    """Every row in its order; faults name the line, and codes of none of the seven emotions are counted.

    Raises `UnreadableSourceError` where the header is another or no row follows it.
    """
    numbered = iter(lines)
    columns = _columns(next(numbered, (1, b""))[1], lines.name, form)
    without_usage = len(columns) < len(COLUMNS)
    rows = _Rows(replace(form, split=form.split or form.fallback) if without_usage else form, columns)
    number = 1
    for number, line in numbered:
        if line is None or line.strip():
            item = rows.item(line, number)
            if item is not None:
                yield item
        if on_progress and number % _PROGRESS_EVERY == 0:
            on_progress(lines.position(), lines.total)
    if number == 1:
        raise UnreadableSourceError(sentence("'{name}' has a header and no rows.", name=lines.name))
    for word, count in rows.left_out.items():
        yield left_out(lines.name, word, count)
    if on_progress:
        on_progress(lines.total, lines.total)


class _Rows:
    """Lines to records. FER2013 holds exact copies, and all are kept: the n-th of its kind is told apart by its n."""

    def __init__(self, form: TableForm, columns: Sequence[int]) -> None:
        self.left_out: Counter[str] = Counter()
        self._form = form
        self._columns = columns
        self._copies: Counter[tuple[Split, int, str]] = Counter()

    def item(self, line: bytes | None, number: int) -> FaceRecord | Fault | None:
        """The face of a line (None: too long), what is wrong with it, or None where its code is left out."""
        try:
            if line is None:
                raise BadRowError(sentence("longer than {limit} KB", limit=MAX_LINE // 1024))
            row = parse_row(line, self._columns, self._form.coding)
        except BadRowError as error:
            return Fault(f"line {number}", str(error))
        emotion = self._form.coding.emotions[row.code]
        if emotion is None:
            self.left_out[self._form.coding.words[row.code]] += 1
            return None
        return self._record(row, emotion, f"line {number}")

    def _record(self, row: CsvRow, emotion: int, where: str) -> FaceRecord:
        digest = pixel_hash(row.pixels)
        self._copies[row.split, row.code, digest] += 1
        return FaceRecord(
            identity=f"{row.split}/{row.code}/{digest}/{self._copies[row.split, row.code, digest]}",
            split=self._form.split or row.split,
            emotion=emotion,
            word=self._form.coding.words[row.code],
            pixels=row.pixels,
            pixel_hash=digest,
            where=where,
        )


def _columns(header: bytes | None, name: str, form: TableForm) -> Sequence[int]:
    """The places of emotion, pixels and usage in the header line; raises `UnreadableSourceError`.

    Without a column for the usage, that of a split said for all rows is enough: its place is then left out.
    """
    expected = f"expected emotion,pixels,Usage as in Kaggle's {form.example}"
    if header == b"":
        raise UnreadableSourceError(sentence("'{name}' is empty; {expected}.", name=name, expected=expected))
    if header is None:
        raise UnreadableSourceError(
            sentence("'{name}', line 1: no header, but a very long line; {expected}.", name=name, expected=expected)
        )
    try:
        cells = fields_of(header.removeprefix(b"\xef\xbb\xbf"))
    except BadRowError as error:
        raise UnreadableSourceError(sentence("'{name}', line 1: {error}.", name=name, error=error)) from error
    names = [cell.decode(errors="replace").strip().lower() for cell in cells]
    missing = [column for column in COLUMNS if column not in names]
    if missing == ["usage"]:
        if form.split or form.fallback:
            return [names.index(column) for column in COLUMNS[:2]]
        raise UnreadableSourceError(
            sentence(
                "'{name}', line 1: no column Usage, so that nothing tells the split of its rows. "
                "Say one for all (--split), or name the file after it (train.csv).",
                name=name,
            )
        )
    if missing:
        what = "no header" if cells[0].strip().isdigit() else f"no column {', '.join(missing)}"
        # What the line says is not told: a path on the server may name a file that its reader must not see.
        raise UnreadableSourceError(
            sentence("'{name}', line 1: {what}; {expected}.", name=name, what=what, expected=expected)
        )
    return [names.index(column) for column in COLUMNS]
