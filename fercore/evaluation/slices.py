"""Slices: conjunctions of a few properties whose faces a model misreads most, found exactly.

A slice's score weighs how much higher its error is than that of all faces against how few faces it has (SliceLine:
Sagadeeva and Boehm 2021, SIGMOD, 2290-2299). Slices are built level by level; a conjunction is counted only where the
smallest and the least wrong of its parts leave room for a score among the best (the paper's upper bound).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.language.sentences import sentence

WEIGHT: Final = 0.99
MOST_PROPERTIES: Final = 3
_ROUNDING: Final = 1e-9
_CLEARLY: Final = 2.6  # standard errors: 1 in 100 by chance
Flags = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Property = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Slice:
    """Faces that have all of these properties, (attribute, code) each: their number, the misread among them, and the
    score.
    """

    properties: tuple[Property, ...]
    n: int
    wrong: int
    score: float

    def holds(self, attributes: dict[str, Codes]) -> Flags:
        """(N,) flags of the faces in the slice."""
        inside: Flags = np.logical_and.reduce([attributes[name] == code for name, code in self.properties])
        return inside


def score(n: npt.ArrayLike, wrong: npt.ArrayLike, faces: int, all_wrong: int, weight: float = WEIGHT) -> Values:
    """The scores of slices of `n` faces; 0 is that of all faces together."""
    size, errors = np.asarray(n, np.float64), np.asarray(wrong, np.float64)
    result: Values = weight * (errors / size / (all_wrong / faces) - 1) - (1 - weight) * (faces / size - 1)
    return result


def find(
    attributes: dict[str, Codes],
    wrong: Flags,
    least: int,
    count: int = 10,
    most_properties: int = MOST_PROPERTIES,
    weight: float = WEIGHT,
) -> list[Slice]:
    """The `count` slices of the highest score above 0 among those of `least` faces or more, the best first.

    `attributes` are (N,) codes from 0, negative where unknown. Of equal scores fewer properties come first.
    """
    if any(codes.shape != wrong.shape for codes in attributes.values()) or least < 1:
        raise InputError(sentence("Each attribute needs a code for each face, and a slice at least one face."))
    search = _Search(attributes, wrong, least, count, weight)
    level = search.first_level()
    for _ in range(most_properties - 1):
        level = search.next_level(level)
    return [
        Slice(tuple(search.properties[at] for at in members), n, errors, points)
        for points, members, n, errors in search.best
    ]


def telling(found: Sequence[Slice], attributes: dict[str, Codes], wrong: Flags) -> list[Slice]:
    """Those slices of which every property tells: without it, the faces that come in are misread clearly less often.

    Clearly means by 2.6 standard errors of a difference of shares. A search among many conjunctions else adds
    properties that only chance has made worse.
    """
    kept = []
    for each in found:
        inside = each.holds(attributes)
        if all(_tells(each, at, inside, attributes, wrong) for at in range(len(each.properties))):
            kept.append(each)
    return kept


def _tells(each: Slice, at: int, inside: Flags, attributes: dict[str, Codes], wrong: Flags) -> bool:
    others = [attributes[name] == code for place, (name, code) in enumerate(each.properties) if place != at]
    added = np.logical_and.reduce([~inside, *others])
    n, more = int(inside.sum()), int(added.sum())
    if not more:
        return False
    share, rest = float(wrong[inside].mean()), float(wrong[added].mean())
    pooled = (share * n + rest * more) / (n + more)
    return bool(share - rest > _CLEARLY * (pooled * (1 - pooled) * (1 / n + 1 / more)) ** 0.5)


def distinct(found: Sequence[Slice], attributes: dict[str, Codes], count: int, shared: float = 0.5) -> list[Slice]:
    """The first `count` slices none of which has more than a share of its faces in common with an earlier one.

    In common counts against all faces of both (Jaccard).
    """
    kept: list[tuple[Slice, Flags]] = []
    for each in found:
        faces = each.holds(attributes)
        if all((faces & other).sum() <= shared * (faces | other).sum() for _, other in kept):
            kept.append((each, faces))
        if len(kept) == count:
            break
    return [each for each, _ in kept]


_Members = tuple[int, ...]
_Level = dict[_Members, tuple[int, int]]  # members → (faces, misread)


class _Search:
    """One search: the properties as columns, and the best slices so far."""

    def __init__(self, attributes: dict[str, Codes], wrong: Flags, least: int, count: int, weight: float) -> None:
        self.faces, self.all_wrong = len(wrong), int(wrong.sum())
        self.least, self.count, self.weight = least, count, weight
        self.best: list[tuple[float, _Members, int, int]] = []
        self.properties: list[Property] = [
            (name, int(code)) for name, codes in attributes.items() for code in np.unique(codes[codes >= 0])
        ]
        # Faces alike in all attributes are counted as one row: seldom as many as there are faces.
        table = np.stack([*attributes.values()], axis=1) if attributes else np.empty((self.faces, 0), np.int64)
        rows, places = np.unique(table, axis=0, return_inverse=True)
        places = places.ravel()
        self.sizes = np.bincount(places, minlength=len(rows)).astype(np.float64)
        self.errors = np.bincount(places, weights=wrong, minlength=len(rows))
        names = list(attributes)
        columns = [rows[:, names.index(name)] == code for name, code in self.properties]
        self.columns = np.stack(columns, axis=1) if columns else np.empty((len(rows), 0), bool)

    def first_level(self) -> _Level:
        """The single properties."""
        if not self.all_wrong:
            return {}
        counts = self._counted(np.ones_like(self.sizes), list(range(len(self.properties))))
        return self._kept({(at,): pair for at, pair in enumerate(counts)})

    def next_level(self, level: _Level) -> _Level:
        """The slices of one property more whose parts all stand in `level` and leave room for a good score."""
        by_prefix: dict[_Members, list[int]] = {}
        for members in sorted(level):
            by_prefix.setdefault(members[:-1], []).append(members[-1])
        found: _Level = {}
        for prefix, lasts in by_prefix.items():
            for at, first in enumerate(lasts):
                parent = (*prefix, first)
                nexts = [last for last in lasts[at + 1 :] if self._promising((*parent, last), level)]
                if nexts:
                    inside = np.where(self.columns[:, list(parent)].all(axis=1), 1.0, 0.0)
                    found |= {
                        (*parent, last): pair for last, pair in zip(nexts, self._counted(inside, nexts), strict=True)
                    }
        return self._kept(found)

    def _counted(self, inside: Values, columns: Sequence[int]) -> list[tuple[int, int]]:
        """(faces, misread) of what lies inside and in each of these columns."""
        picked = self.columns[:, list(columns)]
        sizes, errors = (inside * self.sizes) @ picked, (inside * self.errors) @ picked
        return [(round(n), round(wrong)) for n, wrong in zip(sizes.tolist(), errors.tolist(), strict=True)]

    def _promising(self, members: _Members, level: _Level) -> bool:
        """True if a slice may be large and bad enough, by what its parts of one property less are."""
        if len({self.properties[at][0] for at in members[-2:]}) < 2:
            return False
        parts = [level.get(part) for part in combinations(members, len(members) - 1)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return False
        return self._bound(min(n for n, _ in known), min(wrong for _, wrong in known)) >= self._threshold()

    def _kept(self, found: _Level) -> _Level:
        """Those of enough faces and with a misread one, after the best were noted."""
        level = {members: pair for members, pair in found.items() if pair[0] >= self.least and pair[1]}
        if level:
            pairs = np.array([*level.values()])
            points = score(pairs[:, 0], pairs[:, 1], self.faces, self.all_wrong, self.weight)
            new = [
                (float(round(point, 12)), members, *pair)
                for point, (members, pair) in zip(points, level.items(), strict=True)
                if point > _ROUNDING
            ]
            self.best = sorted([*self.best, *new], key=lambda each: (-each[0], len(each[1]), each[1]))[: self.count]
        threshold = self._threshold()
        return {members: pair for members, pair in level.items() if self._bound(*pair) >= threshold}

    def _threshold(self) -> float:
        return self.best[-1][0] - _ROUNDING if len(self.best) == self.count else 0.0

    def _bound(self, n: int, wrong: int) -> float:
        """The highest score of a slice of at most so many faces and misread ones.

        Up to as many faces as are misread, more faces only help; beyond, the score moves one way as faces are added.
        """
        if n < self.least:
            return -np.inf
        sizes = np.array([self.least, max(self.least, min(wrong, n)), n])
        return float(score(sizes, np.minimum(sizes, wrong), self.faces, self.all_wrong, self.weight).max())
