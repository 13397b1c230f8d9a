"""Pace of a reviewer: the time between their actions, without pauses, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

PAUSE_S: Final = 300.0  # whoever does nothing for so long does something else


@dataclass(frozen=True, slots=True)
class Act:
    """One key press: the moment, and how many decisions it made."""

    at: datetime
    decisions: int


@dataclass(frozen=True, slots=True)
class Day:
    """The decisions of a day, and the seconds that one took; None where no two actions followed each other."""

    day: str
    decisions: int
    seconds: float | None


def by_day(acts: Sequence[Act]) -> list[Day]:
    """The days on which somebody decided, in order; a moment belongs to the day of its own time zone.

    How long the first action after a pause took is unknown: its decisions are counted, and not its time.
    """
    decided: dict[str, int] = {}
    timed: dict[str, tuple[float, int]] = {}
    before: datetime | None = None
    for act in sorted(acts, key=lambda act: act.at):
        day = f"{act.at:%Y-%m-%d}"
        decided[day] = decided.get(day, 0) + act.decisions
        gap = None if before is None else (act.at - before).total_seconds()
        if gap is not None and gap <= PAUSE_S:
            seconds, count = timed.get(day, (0.0, 0))
            timed[day] = seconds + gap, count + act.decisions
        before = act.at
    return [Day(day, count, _each(*timed.get(day, (0.0, 0)))) for day, count in decided.items()]


def _each(seconds: float, decisions: int) -> float | None:
    return seconds / decisions if decisions else None
