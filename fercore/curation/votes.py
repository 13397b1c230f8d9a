"""Decisions → votes → label: what a face's events add up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["confirmed", "relabelled", "rejected", "undone"]

REASONS: Final = (
    "not a face",
    "several faces",
    "bad crop",
    "occluded",
    "blurred",
    "ambiguous",
    "other",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One decision of one reviewer on one face, in the order it was made."""

    sequence: int
    action: str
    kind: str
    emotion: int | None = None
    reason: str | None = None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """What a face counts as; `emotion` is None while nobody, the source included, has named one."""

    emotion: int | None
    state: str = "undecided"
    reason: str | None = None


def standing(events: Iterable[Event]) -> Event | None:
    """One reviewer's vote on one face: the last event whose action was not undone, or None."""
    ordered = sorted(events, key=lambda event: event.sequence)
    undone = {event.undoes for event in ordered if event.kind == "undone"}
    kept = [event for event in ordered if event.kind != "undone" and event.action not in undone]
    return kept[-1] if kept else None


def label(source_emotion: int | None, votes: Sequence[Event]) -> Label:
    """The label of a face: its latest vote, or the source's own label while there is none.

    A rejected face keeps the emotion it had, so that the rejection can be taken back.
    """
    emotion = source_emotion
    ordered = sorted(votes, key=lambda vote: vote.sequence)
    for vote in ordered:
        emotion = vote.emotion if vote.kind != "rejected" else emotion
    if not ordered:
        return Label(emotion)
    return Label(emotion, ordered[-1].kind, ordered[-1].reason)
