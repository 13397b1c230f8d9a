"""Decisions → votes → label: what a face's events add up to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class DecisionKind(StrEnum):
    """The kind of one decision; stored, exported and shown as these words."""

    CONFIRMED = "confirmed"
    RELABELLED = "relabelled"
    REJECTED = "rejected"
    UNSURE = "unsure"
    UNDONE = "undone"  # by the person who decided
    REVERTED = "reverted"  # a range of decisions
    RESTORED = "restored"  # such a revert undone
    ADDED = "added"  # a face that was drawn by hand; a vote where an emotion was chosen for it


class FaceState(StrEnum):
    """The state of a face by its label; stored and exported as these words."""

    UNDECIDED = "undecided"
    CONFIRMED = "confirmed"
    RELABELLED = "relabelled"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"  # a crop whose drawing was undone


class LabelRule(StrEnum):
    """Rules by which a dataset's votes add up to labels."""

    LATEST = "latest"
    MAJORITY = "majority"
    UNANIMOUS = "unanimous"


class RejectionReason(StrEnum):
    """Why a face was rejected."""

    NOT_A_FACE = "not a face"
    SEVERAL_FACES = "several faces"
    BAD_CROP = "bad crop"
    OCCLUDED = "occluded"
    BLURRED = "blurred"
    AMBIGUOUS = "ambiguous"
    OTHER = "other"


VOTES: Final = (DecisionKind.CONFIRMED, DecisionKind.RELABELLED, DecisionKind.REJECTED, DecisionKind.UNSURE)
UNDOING: Final = (DecisionKind.UNDONE, DecisionKind.REVERTED, DecisionKind.RESTORED)
RULES: Final = tuple(LabelRule)
REASONS: Final = tuple(RejectionReason)
UNSURE: Final = "not sure"  # asked for in the place of a reason


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
class FaceLabel:
    """The label of a face; `emotion` is None while nobody, the source included, has named one, and while disputed."""

    emotion: int | None
    state: FaceState = FaceState.UNDECIDED
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LabelBasis:
    """The ground of a face's label beside its votes: the source, the dataset's rule, and an adjudicator's ruling."""

    source: int | None
    rule: LabelRule = LabelRule.LATEST
    ruling: Event | None = None


def shown_kind(kind: str, before: int | None) -> str:
    """A decision's kind as people read it: a face without a label before was labelled, not relabelled."""
    return "labelled" if kind == DecisionKind.RELABELLED and before is None else kind


def standing(events: Iterable[Event]) -> Event | None:
    """One reviewer's vote on one face: the last event whose action was not undone, or None.

    An event that undoes may have been undone itself.
    """
    ordered = sorted(events, key=lambda event: event.sequence)
    undone: set[str | None] = set()
    for event in reversed(ordered):
        if event.kind in UNDOING and event.action not in undone:
            undone.add(event.undoes)
    votes = [event for event in ordered if _says(event) and event.action not in undone]
    if not votes:
        return None
    return replace(votes[-1], kind=DecisionKind.RELABELLED) if votes[-1].kind == DecisionKind.ADDED else votes[-1]


def _says(event: Event) -> bool:
    """True of an event that says something of its face."""
    return event.emotion is not None if event.kind == DecisionKind.ADDED else event.kind not in UNDOING


def label(basis: LabelBasis, votes: Sequence[Event]) -> FaceLabel:
    """The label of a face: the ruling where there is one, else what its votes say by the rule, else the source's.

    `latest` takes the last vote, `majority` what more than half of the votes say, `unanimous` what all of them
    say. A face is disputed where the rule finds nothing, and by any rule where somebody is not sure. A rejected face
    keeps the emotion it had, so that the rejection can be taken back.
    """
    ordered = sorted(votes, key=lambda vote: vote.sequence)
    ruled = basis.ruling is not None and basis.ruling.kind != DecisionKind.UNSURE
    decisive = basis.ruling if ruled else _decisive(basis.rule, ordered)
    if decisive is None:
        return FaceLabel(None, FaceState.DISPUTED) if ordered else FaceLabel(basis.source)
    if decisive.kind != DecisionKind.REJECTED:
        return FaceLabel(decisive.emotion, FaceState(decisive.kind), decisive.reason)
    named = [basis.source, *(vote.emotion for vote in ordered if vote.emotion is not None)]
    return FaceLabel(named[-1], FaceState(decisive.kind), decisive.reason)


def is_disputed(basis: LabelBasis, votes: Sequence[Event]) -> bool:
    """True where votes differ, or somebody is not sure, and nobody has ruled: whatever label the rule gives."""
    if basis.ruling is not None and basis.ruling.kind != DecisionKind.UNSURE:
        return False
    return len({_answer(vote) for vote in votes}) > 1 or any(vote.kind == DecisionKind.UNSURE for vote in votes)


def agreement(answers: Sequence[str]) -> float | None:
    """The share of the most frequent of several people's answers to one face.

    0 where somebody is not sure, None where fewer than two spoke.
    """
    if DecisionKind.UNSURE in answers:
        return 0.0
    return Counter(answers).most_common(1)[0][1] / len(answers) if len(answers) > 1 else None


def _decisive(rule: LabelRule, ordered: Sequence[Event]) -> Event | None:
    """The vote that stands for all of them, or None."""
    if not ordered or any(vote.kind == DecisionKind.UNSURE for vote in ordered):
        return None
    if rule == LabelRule.LATEST:
        return ordered[-1]
    answer, count = Counter(_answer(vote) for vote in ordered).most_common(1)[0]
    needed = len(ordered) if rule == LabelRule.UNANIMOUS else len(ordered) // 2 + 1
    return next(vote for vote in reversed(ordered) if _answer(vote) == answer) if count >= needed else None


def _answer(vote: Event) -> int | str | None:
    """The answer of a vote, whatever the label was before it and for whatever reason it rejects."""
    return DecisionKind.REJECTED if vote.kind == DecisionKind.REJECTED else vote.emotion
