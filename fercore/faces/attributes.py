"""Attributes of a face beside its picture and its label.

Written once: readers fill these in, the store keeps them in columns of the same names, exports write them and the
reader of fercore's own Parquet takes them back. A new attribute needs its line here, its column (`store/tables/faces`,
with a migration) and a reader that fills it in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints


class Gender(StrEnum):
    """A person's gender as sources tell it."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True)
class PersonInfo:
    """A source's statements about the person in a picture, and its annotators' about the face.

    `age` is a decade (20 means 20 to 29); `annotators` holds each annotator's word, in their order.
    """

    subject: str | None = None
    gender: Gender | None = None
    age: int | None = None
    professional: bool | None = None
    annotators: Sequence[str] | None = ()


@dataclass(frozen=True)
class CropOrigin:
    """The place of a face in its photo: (left, top, width, height) in pixels; and the detector's checks."""

    box: tuple[int, int, int, int] | None = None
    detector: str | None = None
    score: float | None = None
    eyes: int | None = None
    skin: float | None = None
    inside: float | None = None
    covered: float | None = None
    doubtful: bool | None = None


NOBODY: Final = PersonInfo()
NOWHERE: Final = CropOrigin()
PERSON: Final = tuple(field.name for field in fields(PersonInfo))
CROP: Final = tuple(field.name for field in fields(CropOrigin))
ATTRIBUTES: Final = (*PERSON, *CROP)


def person_of(face: Any) -> PersonInfo:
    """The person of a face in the store."""
    return PersonInfo(**{name: getattr(face, name) for name in PERSON})


def columns_of(face: PersonInfo | CropOrigin, names: Sequence[str] = ATTRIBUTES) -> dict[str, Any]:
    """The attributes as a row of the store holds them: lists for sequences, None for what is empty."""
    values = {name: getattr(face, name) for name in names}
    return {name: list(value) or None if isinstance(value, list | tuple) else value for name, value in values.items()}


def kinds() -> dict[str, tuple[type, bool]]:
    """For each attribute the type of its values (str, int, float or bool), and whether it holds several of them."""
    hints = get_type_hints(PersonInfo) | get_type_hints(CropOrigin)
    return {name: _kind(hints[name]) for name in ATTRIBUTES}


def _kind(hint: Any) -> tuple[type, bool]:
    if isinstance(hint, UnionType) or str(get_origin(hint)) == "typing.Union":
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is not None:
        return get_args(hint)[0], True
    return str if issubclass(hint, StrEnum) else hint, False
