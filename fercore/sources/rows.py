"""One row of a CSV of FER2013's form: strict and fast, with a sentence for each way in which it can be wrong."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fercore.emotions import FER2013_CODES
from fercore.faces.pixels import SIDE, Gray
from fercore.language.sentences import sentence
from fercore.splits import Split

COLUMNS: Final = ("emotion", "pixels", "usage")
USAGES: Final[dict[bytes, Split]] = {
    b"training": Split.TRAIN,
    b"publictest": Split.VALIDATION,
    b"privatetest": Split.TEST,
}
_CODES: Final = {str(code).encode(): code for code in range(10)}
_NO_CODE: Final = len(_CODES)
_COUNT: Final = SIDE * SIDE
_DIGITS: Final = bytes(max(0, byte - ord("0")) % 10 for byte in range(256))


class BadRowError(ValueError):
    """A row that cannot be used; the text says why, and the caller knows the line."""


@dataclass(frozen=True, slots=True)
class Coding:
    """Meanings of the codes 0, 1, 2 ... in a source's column `emotion`: its words, and our emotions or None."""

    title: str
    words: tuple[str, ...]
    emotions: tuple[int | None, ...]


FER2013: Final = Coding("FER2013", ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"), FER2013_CODES)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row's values: its source's own emotion code, (48, 48) uint8 pixels, split."""

    code: int
    pixels: Gray
    split: Split


def fields_of(line: bytes) -> list[bytes]:
    """The cells of one CSV line, quoted or not; raises `BadRowError` where it is not UTF-8 or not CSV."""
    line = line.rstrip(b"\r\n")
    if not line.isascii() or b'"' in line:
        try:
            cells = next(csv.reader([line.decode()], strict=True), [])
        except UnicodeDecodeError as error:
            raise BadRowError(
                sentence("not UTF-8 (byte {byte}). Save the file as UTF-8", byte=error.start + 1)
            ) from error
        except csv.Error as error:
            raise BadRowError(sentence("not a row of a CSV file ({error})", error=error)) from error
        return [cell.encode() for cell in cells]
    return line.split(b",")


def parse_row(line: bytes, columns: Sequence[int], coding: Coding = FER2013) -> CsvRow:
    """A line to a row; `columns` are the places of emotion, pixels and, where there is one, usage.

    Raises `BadRowError`.
    """
    fields = fields_of(line)
    if len(fields) <= max(columns):
        raise BadRowError(
            sentence("expected at least {least} columns, got {count}", least=max(columns) + 1, count=len(fields))
        )
    emotion, pixels, *usage = (fields[column].strip() for column in columns)
    code = _CODES.get(emotion, _NO_CODE)
    if code >= len(coding.words):
        last = len(coding.words) - 1
        raise BadRowError(
            sentence(
                "unknown emotion '{shown}', expected a {title} code from 0 to {last}",
                shown=_shown(emotion),
                title=coding.title,
                last=last,
            )
        )
    split = USAGES.get(usage[0].lower()) if usage else Split.TRAIN
    if split is None:
        raise BadRowError(
            sentence("unknown usage '{shown}', expected Training, PublicTest or PrivateTest", shown=_shown(usage[0]))
        )
    return CsvRow(code, parse_pixels(pixels), split)


def parse_pixels(text: bytes) -> Gray:
    """2304 numbers from 0 to 255 between spaces to (48, 48) uint8; raises `BadRowError`.

    Arithmetic on all digits at once: as fast as `numpy.fromstring`, and strict.
    """
    if text.translate(None, b"0123456789 "):
        return _parse_slowly(text)
    padded = b"\0\0" + text.translate(_DIGITS) + b"\0"
    gaps = np.flatnonzero(np.frombuffer(b"  " + text + b" ", np.uint8) == ord(" "))[1:]
    lengths = gaps[1:] - gaps[:-1] - 1
    if lengths.size != _COUNT or lengths.min() < 1 or lengths.max() > 3:
        return _parse_slowly(text)
    digits = np.frombuffer(padded, np.uint8)  # a space counts as 0
    ends = gaps[1:]
    # Two places before the last digit of a one-digit number stands the number before it.
    values = (digits.take(ends - 3) * (lengths == 3)).astype(np.uint16) * np.uint16(100)
    values += digits.take(ends - 2) * np.uint8(10) + digits.take(ends - 1)
    if values.max() > 255:
        return _parse_slowly(text)
    pixels: Gray = values.astype(np.uint8).reshape(SIDE, SIDE)
    return pixels


def _parse_slowly(text: bytes) -> Gray:
    """The same number by number: forgives extra white space, and finds what is wrong."""
    words = text.split()
    if len(words) != _COUNT:
        raise BadRowError(sentence("expected {count} pixels (48 x 48), got {words}", count=_COUNT, words=len(words)))
    for place, word in enumerate(words, start=1):
        if not (word.isdigit() and len(word) <= 8 and int(word) <= 255):
            raise BadRowError(
                sentence(
                    "pixel {place} is '{shown}', expected a whole number from 0 to 255", place=place, shown=_shown(word)
                )
            )
    return np.array([int(word) for word in words], np.uint8).reshape(SIDE, SIDE)


def _shown(value: bytes) -> str:
    text = value.decode(errors="replace")
    return text if len(text) <= 20 else f"{text[:20]}…"
