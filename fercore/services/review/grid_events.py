"""Messages of the review grid: what may stand in them, and how large they may be."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from fercore.curation.votes import REASONS, UNSURE
from fercore.emotions import EMOTIONS
from fercore.language import tr

MAX_EVENTS: Final = 2_000
LONGEST_NOTE: Final = 500  # characters
MAX_BYTES: Final = 2 * 1024 * 1024
LARGEST: Final = 2**31 - 1  # what an integer column of PostgreSQL holds

Uuid = Annotated[
    str,
    Field(pattern=r"^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$", max_length=36),
    AfterValidator(lambda written: str(UUID(written))),
]
Number = Annotated[int, Field(ge=0, le=LARGEST)]
Name = Annotated[str, Field(pattern=r"^[\w/.-]{1,100}$")]


def _known_reason(word: str) -> str:
    if word not in (UNSURE, *REASONS):
        raise ValueError(word)
    return word


Reason = Annotated[str, Field(max_length=20), AfterValidator(_known_reason)]


class _Event(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    id: Uuid


class Decide(_Event):
    """An emotion or a reason for one face.

    `seen` is the last decision on the face that its tile shows. A `bulk` event is left out where the store has a later
    one.
    """

    type: Literal["decide"] = "decide"
    action: Uuid
    face: Number
    emotion: Annotated[int, Field(ge=0, lt=len(EMOTIONS))] | None = None
    reason: Reason | None = None
    page: Uuid | None = None
    seen: Number | None = None
    bulk: bool = False
    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] | None = None

    @model_validator(mode="after")
    def _either(self) -> "Decide":
        if (self.emotion is None) == (self.reason is None):
            raise ValueError("emotion")
        return self


class RecropEvent(_Event):
    """A new crop in place of a bad one; `box` is checked beside its photo."""

    type: Literal["recut"]
    action: Uuid
    face: Number
    box: Any = None
    page: Uuid | None = None


class Add(_Event):
    """A face that the detector missed, on the photo of a face or on a photo; `box` is checked beside its photo."""

    type: Literal["add"]
    action: Uuid
    face: Number | None = None
    photo: Number | None = None
    box: Any = None
    emotion: Annotated[int, Field(ge=0, lt=len(EMOTIONS))] | None = None
    page: Uuid | None = None

    @model_validator(mode="after")
    def _either(self) -> "Add":
        if (self.face is None) == (self.photo is None):
            raise ValueError("photo")
        return self


class Flag(_Event):
    """A flag on one face, or none."""

    type: Literal["flag"]
    action: Uuid
    face: Number
    on: bool


class Note(_Event):
    """The reviewer's note on one face; an empty one takes it away."""

    type: Literal["note"]
    action: Uuid
    face: Number
    text: Annotated[str, Field(max_length=LONGEST_NOTE, pattern=r"^[^\x00]*$"), AfterValidator(str.strip)]


class Undo(_Event):
    """One action to be undone; the reviewer's last one where none is named."""

    type: Literal["undo"]
    undoes: Uuid | None = None


Event = Decide | RecropEvent | Add | Flag | Note | Undo
_EVENTS: Final[dict[str, type[Event]]] = {
    "decide": Decide,
    "recut": RecropEvent,
    "add": Add,
    "flag": Flag,
    "note": Note,
    "undo": Undo,
}


@dataclass(frozen=True)
class Turn:
    """The wish for another page, from the page that the grid shows."""

    origin: str
    to: Literal["next", "previous"]


@dataclass(frozen=True)
class Message:
    """A message of the grid; unusable parts have their default."""

    batch: str | None = None
    have: str | None = None
    events: Sequence[Any] = field(default_factory=list)
    focus: int | None = None
    near: bool = False
    photo: int | None = None
    turn: Turn | None = None
    fits: int | None = None
    looks: bool = False


_PARTS: Final[dict[str, TypeAdapter[Any]]] = {
    "batch": TypeAdapter(Name),
    "have": TypeAdapter(Name),
    "events": TypeAdapter(list[Any]),
    "focus": TypeAdapter(Annotated[int, Field(ge=-1, le=LARGEST)]),
    "near": TypeAdapter(bool),
    "photo": TypeAdapter(Number),
    "fits": TypeAdapter(Annotated[int, Field(ge=1, le=400)]),
    "looks": TypeAdapter(bool),
}
_TURN: Final = TypeAdapter(dict[Literal["from", "to"], Name])


_INCOMPLETE: Final[dict[str, Callable[[], str]]] = {
    "decide": lambda: tr("A decision needs either an emotion or a reason."),
    "add": lambda: tr("A face is added to the photo of a face, or to a photo."),
}


def read(message: Any) -> Message:
    """The usable parts of whatever arrived."""
    given = message if isinstance(message, dict) else {}
    parts = {name: adapter.validate_python(given[name], strict=True) for name, adapter in _usable(given)}
    return Message(**parts, turn=_turn(given.get("turn")))


def _usable(given: dict[str, Any]) -> list[tuple[str, TypeAdapter[Any]]]:
    return [(name, adapter) for name, adapter in _PARTS.items() if name in given and _fits(adapter, given[name])]


def _fits(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _turn(given: Any) -> Turn | None:
    if not _fits(_TURN, given) or given.get("to") not in ("next", "previous") or "from" not in given:
        return None
    return Turn(given["from"], given["to"])


def too_large(message: Any, events: Sequence[Any]) -> bool:
    """More than one message may hold: 2,000 events or 2 MB."""
    if len(events) > MAX_EVENTS:
        return True
    return len(json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")) > MAX_BYTES


def checked(event: Any) -> Event | str:
    """The event, or why it cannot be used, as a sentence."""
    kind = event.get("type", "decide") if isinstance(event, dict) else None
    model = _EVENTS.get(kind) if isinstance(kind, str) else None
    if model is None:
        return tr("This is neither a decision nor a remark nor an undo.")
    try:
        return model.model_validate(event)
    except ValidationError as error:
        place = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
        if not place:
            return _INCOMPLETE[str(kind)]()
        return tr("The value of '{field}' cannot be used.", field=str(place[0]))
