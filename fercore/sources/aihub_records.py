"""One record of AI Hub's JSON: strict, with a sentence for each way in which it can be wrong."""

import math
import re
import reprlib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from fercore.faces.attributes import Gender, PersonInfo
from fercore.faces.photos import SUFFIXES
from fercore.language.sentences import sentence
from fercore.sources.emotion_map import WordMap
from fercore.sources.record import Corners

ANNOTATORS: Final = ("annot_A", "annot_B", "annot_C")
CANNOT_TELL: Final = "알수없음"
_SUBJECT: Final = re.compile(r"([0-9a-f]{64})_", re.IGNORECASE)
_AGE: Final = re.compile(r"(\d{1,3})대?")
_LONGEST: Final = 255  # the longest name that a file can have
_NO_TEXT: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_GENDERS: Final[dict[str, Gender]] = {"여": Gender.FEMALE, "남": Gender.MALE}
_PROFESSIONS: Final = {"전문인": True, "일반인": False}
_SIDES: Final = ("minX", "minY", "maxX", "maxY")

Value = TypeVar("Value")


class BadRecordError(ValueError):
    """A record that cannot be used; the text says why, and the caller knows the file and the number."""


@dataclass(frozen=True, slots=True)
class AihubLabel:
    """The content of a record; `dropped` counts the annotators' boxes that are empty or without area."""

    emotion: int | None
    word: str
    about: PersonInfo
    boxes: tuple[Corners, ...]
    dropped: int


def key_of(base: str) -> str:
    """The name that a record and its picture share: the file name without its ending, which may be .jpg or .jpeg."""
    stem, dot, ending = base.rpartition(".")
    return stem if f"{dot}{ending}".lower() in SUFFIXES else base


def picture_of(record: object) -> str:
    """The name of a record's picture, in NFC and without folders; raises `BadRecordError`."""
    fields = _object(record, "the record")
    name = _text(fields, "filename").replace("\\", "/").rpartition("/")[2]
    if not name:
        raise BadRecordError(sentence("it names no picture: 'filename' is missing or empty"))
    return name


def label_of(record: object, words: WordMap) -> AihubLabel:
    """A record to what is kept of it; raises `BadRecordError`."""
    fields = _object(record, "the record")
    annotations = [(name, _object(fields[name], name)) for name in ANNOTATORS if fields.get(name) is not None]
    labels = [_word(annotation, "faceExp", f"{name}.faceExp", words) for name, annotation in annotations]
    boxes = [_box(annotation.get("boxes"), f"{name}.boxes") for name, annotation in annotations]
    drawn = tuple(box for box in boxes if box is not None)
    annotators = tuple(word for word in labels if word)
    return AihubLabel(
        emotion=_emotion(annotators, words),
        word=_word(fields, "faceExp_uploader", "faceExp_uploader", words),
        about=PersonInfo(
            subject=_subject(picture_of(record)),
            gender=_one_of(fields, "gender", _GENDERS),
            age=_age(fields.get("age")),
            professional=_one_of(fields, "isProf", _PROFESSIONS),
            annotators=annotators,
        ),
        boxes=drawn,
        dropped=len(boxes) - len(drawn),
    )


def _emotion(annotators: tuple[str, ...], words: WordMap) -> int | None:
    """The emotion of the word that two or more annotators chose."""
    for word, count in Counter(annotators).most_common(1):
        if count >= 2:
            return words.find(word)
    return None


def _subject(name: str) -> str:
    match = _SUBJECT.match(name)
    if match is None:
        raise BadRecordError(
            sentence(
                "its picture {shown} does not start with the person's 64 hexadecimal digits and '_', "
                "so the person is unknown",
                shown=_shown(name),
            )
        )
    return match[1].lower()


def _age(value: object) -> int | None:
    """The decade of an age that may be a number or text."""
    if value is None or value == "":
        return None
    text = str(int(value)) if isinstance(value, (int, float)) and _is_whole(value) else value
    match = _AGE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise BadRecordError(sentence("age is {shown}, expected a decade such as 20", shown=_shown(value)))
    return int(match[1]) // 10 * 10


def _is_whole(value: float) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or value.is_integer())


def _box(value: object, where: str) -> Corners | None:
    """(left, top, right, bottom), clipped at 0; None for a box that is empty or has no area."""
    if not value:
        return None
    sides = _object(value, where)
    left, top, right, bottom = (max(0.0, _number(sides.get(side), f"{where}.{side}")) for side in _SIDES)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _number(value: object, where: str) -> float:
    try:
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            number = float(value)
            if math.isfinite(number):
                return number
    except (ValueError, OverflowError):
        pass
    raise BadRecordError(sentence("{where} is {shown}, expected a number of pixels", where=where, shown=_shown(value)))


def _word(fields: Mapping[str, object], key: str, where: str, words: WordMap) -> str:
    """A word that the map knows, or 알수없음, or "" where there is none."""
    word = _text(fields, key, where)
    if word and word != CANNOT_TELL and not words.knows(word):
        raise BadRecordError(
            sentence(
                "{where} is {shown}, expected one of {known}. "
                "Where it is a word for an emotion, add it to the word map",
                where=where,
                shown=_shown(word),
                known=", ".join([*words.words, CANNOT_TELL]),
            )
        )
    return word


def _one_of(fields: Mapping[str, object], key: str, meanings: Mapping[str, Value]) -> Value | None:
    text = _text(fields, key)
    if text and text not in meanings:
        raise BadRecordError(
            sentence("{key} is {shown}, expected {known}", key=key, shown=_shown(text), known=" or ".join(meanings))
        )
    return meanings.get(text)


def _text(fields: Mapping[str, object], key: str, where: str = "") -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRecordError(sentence("{part} is {shown}, expected text", part=where or key, shown=_shown(value)))
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > _LONGEST or _NO_TEXT.search(text):
        raise BadRecordError(
            sentence(
                "{part} is {shown}, which is too long or holds characters of no name",
                part=where or key,
                shown=_shown(text),
            )
        )
    return text


def _object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BadRecordError(
            sentence("{where} is {kind}, expected an object in braces", where=where, kind=_kind(value))
        )
    return value


def _shown(value: object) -> str:
    if not isinstance(value, str):
        return reprlib.repr(value)
    text = _NO_TEXT.sub("�", value)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:40]}…'"


def _kind(value: object) -> str:
    """The kind of value that stands where an object should, without its content: the file may be none of AI Hub's."""
    kinds = {str: "text", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return kinds.get(type(value), "nothing")
