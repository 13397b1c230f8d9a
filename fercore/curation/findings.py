"""Findings of audits: the checks, which decisions prove a finding right, and the control faces beside them."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation.checks import Check, Verdict
from fercore.curation.votes import FaceState, RejectionReason

NO_GOOD_CROP: Final = (RejectionReason.NOT_A_FACE, RejectionReason.SEVERAL_FACES, RejectionReason.BAD_CROP)
_RIGHT: Final = {
    Check.DUPLICATES: (Verdict.SAME_PICTURE,),
    Check.LEAKS: (Verdict.SAME_PICTURE, Verdict.SAME_PERSON),
}


def face_is_right(check: Check, label: int | None, state: str, emotion: int | None, reason: str | None) -> bool | None:
    """True where a decided face proves its finding right, None where its people are not sure or differ.

    A label finding is right where the face was relabelled from `label` or rejected; one of what is no face where the
    face was rejected as no face, several faces or a bad crop.
    """
    if state == FaceState.DISPUTED:
        return None
    if check == Check.FACES:
        return state == FaceState.REJECTED and reason in NO_GOOD_CROP
    return state == FaceState.REJECTED or emotion != label


def pair_is_right(check: Check, verdicts: Sequence[Verdict]) -> bool | None:
    """True where most people confirm a pair, None where nobody is sure or as many say yes as no."""
    answers = Counter(verdict in _RIGHT[check] for verdict in verdicts if verdict != Verdict.UNSURE)
    return None if answers[True] == answers[False] else answers[True] > answers[False]


def drawn(places: npt.NDArray[np.int64], count: int, seed: int) -> npt.NDArray[np.int64]:
    """At most `count` of these places, drawn at random."""
    chosen: npt.NDArray[np.int64] = np.random.default_rng(seed).permutation(places)[:count]
    return chosen


def drawn_pairs(faces: int, copies: Sequence[tuple[int, int]], count: int, seed: int) -> list[tuple[int, int]]:
    """At most `count` pairs of different places below `faces`, drawn at random, none of them among the `copies`."""
    known = {tuple(sorted(pair)) for pair in copies}
    generator = np.random.default_rng(seed)
    result: dict[tuple[int, int], None] = {}
    for one, other in generator.integers(0, faces, (4 * count, 2)).tolist() if faces > 1 else ():
        pair = (min(one, other), max(one, other))
        if one != other and pair not in known and len(result) < count:
            result[pair] = None
    return list(result)


def drawn_across(
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    copies: Sequence[tuple[int, int]],
    count: int,
    seed: int,
) -> list[tuple[int, int]]:
    """At most `count` pairs of a place of `first` and one of `second`, drawn at random, none among the `copies`."""
    known = {tuple(sorted(pair)) for pair in copies}
    generator = np.random.default_rng(seed)
    sides = [generator.choice(side, 4 * count).tolist() if len(side) else [] for side in (first, second)]
    result: dict[tuple[int, int], None] = {}
    for pair in zip(*sides, strict=False):
        if tuple(sorted(pair)) not in known and len(result) < count:
            result[pair] = None
    return list(result)


def mixed(findings: int, controls: int, seed: int) -> list[tuple[bool, int]]:
    """Findings and control faces in one random order: (whether it is a control face, its place)."""
    both = [*((False, place) for place in range(findings)), *((True, place) for place in range(controls))]
    return [both[place] for place in np.random.default_rng(seed).permutation(len(both)).tolist()]
