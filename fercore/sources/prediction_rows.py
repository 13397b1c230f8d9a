"""Rows of a file of predictions as arrays: strict, with a sentence for each way in which a row can be wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS, find, is_other_class
from fercore.errors import Fault
from fercore.language.sentences import sentence
from fercore.sources.prediction_columns import FaceName, PredictionForm

# Seven shares that were rounded to two decimals miss 1 by no more than that.
TOLERANCE: Final = 0.035
_PERCENT: Final = 100.0
_SHOWN: Final = 40
_HASH: Final = re.compile(r"[0-9a-fA-F]{64}")
_NUMBER: Final = re.compile(r"#?(\d{1,10})(?:\.0)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class NamedFace:
    """The names by which a row tells its face; at least one is there, and all must mean the same face."""

    number: int | None = None
    path: str = ""
    pixels: str = ""

    def __str__(self) -> str:
        return self.path or self.pixels or str(self.number)


@dataclass
class PredictionRows:
    """Predictions as a file gives them: `places` are lines or rows, `shares` (N, 7) float32 sum to 1.

    `faults` are rows that cannot be used, by their place; `others` the classes that are none of the seven and whose
    share was left out.
    """

    places: list[int] = field(default_factory=list)
    faces: list[NamedFace] = field(default_factory=list)
    shares: npt.NDArray[np.float32] = field(default_factory=lambda: np.empty((0, len(EMOTIONS)), np.float32))
    words_only: bool = False
    others: tuple[str, ...] = ()
    faults: dict[int, str] = field(default_factory=dict)
    place_word: str = "line"

    def fault(self, place: int, why: str) -> Fault:
        """A fault with the words for its place."""
        return Fault(f"{self.place_word} {place}", why)


class RowReader:
    """Takes a file's rows some at a time, and gives them all as arrays."""

    def __init__(self, form: PredictionForm, place_word: str, decimal_comma: bool = False) -> None:
        self._form = form
        self._comma = decimal_comma
        self._columns = (*form.shares, *(place for place, _ in form.others))
        self._values: list[npt.NDArray[np.float64]] = []
        self._rows = PredictionRows(words_only=form.words_only, place_word=place_word)

    def take(self, places: Sequence[int], rows: Sequence[Sequence[Any]]) -> None:
        """Rows of cells with their places; all have the header's length."""
        rows_of = self._rows
        named = [self._face(place, cells) for place, cells in zip(places, rows, strict=True)]
        values = self._words(places, rows) if self._form.words_only else self._numbers(places, rows)
        good = [index for index, face in enumerate(named) if face is not None and places[index] not in rows_of.faults]
        rows_of.places += [places[index] for index in good]
        rows_of.faces += [face for index in good if (face := named[index]) is not None]
        self._values.append(values[good])

    def finish(self) -> PredictionRows:
        """All rows; those whose shares do not fit go to the faults."""
        rows = self._rows
        width = len(EMOTIONS) if self._form.words_only else len(self._columns)
        values = np.concatenate([np.empty((0, width)), *self._values])
        if not self._form.words_only:
            values = self._scaled(values)
        rows.shares = values.astype(np.float32)
        rows.others = tuple(dict.fromkeys(name for _, name in self._form.others))
        return rows

    def _face(self, place: int, cells: Sequence[Any]) -> NamedFace | None:
        number, path, pixels = None, "", ""
        for column, kind in self._form.faces:
            text = _text(cells[column])
            if not text:
                continue
            match = _NUMBER.fullmatch(text) if kind == FaceName.ANY else None
            if _HASH.fullmatch(text):
                pixels = text.lower()
            elif kind == FaceName.PIXELS:
                why = sentence("'{shown}' is no hash of pixels: expected 64 hex digits", shown=_shown(text))
                self._rows.faults.setdefault(place, why)
                return None
            elif match:
                number = int(match[1])
            else:
                path = max(path, text, key=len)
        if number is None and not path and not pixels:
            self._rows.faults.setdefault(place, sentence("it names no face"))
            return None
        return NamedFace(number, path, pixels)

    def _words(self, places: Sequence[int], rows: Sequence[Sequence[Any]]) -> npt.NDArray[np.float64]:
        assert self._form.word is not None
        values = np.zeros((len(rows), len(EMOTIONS)))
        for index, cells in enumerate(rows):
            word = _text(cells[self._form.word])
            emotion = find(word)
            if emotion is None:
                self._rows.faults.setdefault(places[index], _no_emotion(word))
            else:
                values[index, emotion] = 1
        return values

    def _numbers(self, places: Sequence[int], rows: Sequence[Sequence[Any]]) -> npt.NDArray[np.float64]:
        cells = [[row[column] for column in self._columns] for row in rows]
        try:
            values = np.array(cells, np.float64).reshape(len(rows), len(self._columns))
        except (TypeError, ValueError):
            values = np.array([self._slowly(place, row) for place, row in zip(places, cells, strict=True)])
        for index in np.flatnonzero(~np.isfinite(values).all(axis=1)).tolist():
            self._rows.faults.setdefault(places[index], sentence("a probability is missing or not finite"))
        for index in np.flatnonzero((values < 0).any(axis=1)).tolist():
            lowest = sentence(
                "a probability is negative ({value}); logits need softmax first", value=f"{values[index].min():g}"
            )
            self._rows.faults.setdefault(places[index], lowest)
        return values

    def _slowly(self, place: int, cells: Sequence[Any]) -> list[float]:
        numbers = []
        for cell in cells:
            text = _text(cell).removesuffix("%").strip()
            try:
                numbers.append(float(text.replace(",", ".") if self._comma else text))
            except ValueError:
                why = sentence("'{shown}' is no number, expected a probability", shown=_shown(_text(cell)))
                self._rows.faults.setdefault(place, why if text else sentence("a probability is missing or not finite"))
                numbers.append(0.0)
        return numbers

    def _scaled(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The seven shares of each row, scaled to sum to 1; the file's scale is that of most of its rows."""
        rows, seven = self._rows, len(EMOTIONS)
        sums = values.sum(axis=1)
        scale = _PERCENT if np.count_nonzero(sums > _PERCENT / 10) * 2 > len(sums) else 1.0
        kept = values[:, :seven].sum(axis=1)
        fits = np.abs(sums / scale - 1) <= TOLERANCE
        for index in np.flatnonzero(~fits):
            rows.faults[rows.places[index]] = sentence(
                "the probabilities sum to {sum}, expected {scale}", sum=f"{sums[index]:.4g}", scale=f"{scale:g}"
            )
        empty = fits & (kept <= 0)
        for index in np.flatnonzero(empty):
            rows.faults[rows.places[index]] = sentence("all seven probabilities are 0")
        good = np.flatnonzero(fits & ~empty)
        rows.places = [rows.places[index] for index in good]
        rows.faces = [rows.faces[index] for index in good]
        scaled: npt.NDArray[np.float64] = values[good, :seven] / kept[good, None]
        return scaled


def _no_emotion(word: str) -> str:
    if not word:
        return sentence("it names no emotion")
    if is_other_class(word):
        return sentence("'{word}' is none of the seven emotions: give the seven probabilities", word=_shown(word))
    return sentence("'{word}' is not a known emotion", word=_shown(word))


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
