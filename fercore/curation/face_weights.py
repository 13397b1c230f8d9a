"""Weights of faces in a training: from people's votes, and from the suspicion of an audit."""

from collections.abc import Sequence
from typing import Final

from fercore.errors import InputError
from fercore.language.sentences import sentence

MOST: Final = 10.0
_DIGITS: Final = 4


def checked(weight: float) -> float:
    """A weight from 0 to 10, to four digits; raises InputError for any other number."""
    if not 0 <= weight <= MOST:  # also false for what is not a number
        raise InputError(
            sentence("The weight is {weight:g}: give a number from 0 to {most:g}.", weight=weight, most=MOST)
        )
    return round(float(weight), _DIGITS)


def by_votes(label: int, votes: Sequence[int | None]) -> float | None:
    """The share of at least two people's votes that name the label; None stands for a vote that names no emotion.

    None for fewer votes, and where all agree.
    """
    if len(votes) < 2:
        return None
    share = sum(vote == label for vote in votes) / len(votes)
    return None if share == 1 else checked(share)


def by_suspicion(score: float) -> float:
    """The weight of a label that looks wrong by that much, from 0 (surely right) to 1 (surely wrong)."""
    return checked(1 - score)
