"""Slices of faces that a run misreads most: found on validation faces, each tested once on test faces."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from fercore.errors import InputError
from fercore.evaluation import slices as evaluation
from fercore.evaluation import subgroups
from fercore.evaluation.confusion import CLASSES
from fercore.evaluation.measures import ACCURACY, Measured
from fercore.evaluation.significance import holm
from fercore.evaluation.slices import Slice
from fercore.evaluation.subgroups import LargestGap
from fercore.language import tr
from fercore.services.comparison import gathered_faces
from fercore.services.comparison.face_attributes import Attribute, AttributeValue
from fercore.services.comparison.gathered_faces import GatheredFaces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.datasets import exports
from fercore.splits import Split
from fercore.store import Store

TESTED: Final = 5
LEAST_FACES: Final = 30
LEAST_SHARE: Final = 0.01
_LOOKED_AT: Final = 500
_KEPT: Final = 16  # searches
_PLACE_WIDE: Final = (Attribute.DATASET, Attribute.POPULATION)  # equal for all faces of one dataset


@dataclass(frozen=True)
class SliceChoice:
    """The evaluations on which slices are found (validation) and tested, and the properties that may name them.

    `least` is the smallest number of validation faces (None: 30, or 1 % where that is more).
    """

    found_on: EvaluationView
    tested_on: EvaluationView
    with_label: bool = True
    least: int | None = None


@dataclass(frozen=True)
class TestedSlice:
    """A slice: its properties, the accuracy on its validation faces, and on its test faces, less that of all others.

    `gap` is None where too few test faces lie in it; `p_holm` is over all slices tested.
    """

    values: tuple[AttributeValue, ...]
    found: Measured
    tested: Measured
    gap: LargestGap | None
    p_holm: float | None
    face_ids: tuple[int, ...]


@dataclass(frozen=True)
class Slices:
    """The slices of a run, the worst on validation faces first, and the accuracy on all faces of both splits."""

    choice: SliceChoice
    least: int
    found_on: Measured
    tested_on: Measured
    slices: tuple[TestedSlice, ...]

    @property
    def tests(self) -> int:
        """The number of slices that were tested."""
        return sum(each.gap is not None for each in self.slices)


# Evaluations never change; marks of their datasets do where faces or labels change.
_searched: Final[OrderedDict[tuple[object, ...], Slices]] = OrderedDict()


def validation(evaluations: Sequence[EvaluationView], run: int) -> list[EvaluationView]:
    """The validation evaluations of a run, that of most faces first; raises InputError where it has none."""
    views = [view for view in evaluations if view.run == run]
    found = sorted((view for view in views if view.split == Split.VALIDATION), key=lambda view: -view.n)
    if not found:
        raise InputError(
            tr(
                "Slices are found on validation faces and tested on test faces: evaluate run {run} on a validation "
                "split.",
                run=run,
            )
        )
    return found


def tests(evaluations: Sequence[EvaluationView], run: int) -> list[EvaluationView]:
    """The test evaluations of a run; raises InputError where it has none."""
    found = [view for view in evaluations if (view.run, view.split) == (run, Split.TEST)]
    if not found:
        raise InputError(
            tr(
                "Slices are found on validation faces and tested on test faces: evaluate run {run} on a test split.",
                run=run,
            )
        )
    return found


def search(store: Store, choice: SliceChoice) -> Slices:
    """Find slices on validation faces, and test each on test faces.

    Raises InputError where the evaluations are of other splits.
    """
    if (choice.found_on.split, choice.tested_on.split) != (Split.VALIDATION, Split.TEST):
        raise InputError(tr("Slices are found on validation faces and tested on test faces."))
    datasets = {view.dataset for view in (choice.found_on, choice.tested_on)}
    marks = [exports.mark(store, exports.ExportKind.DATASET, name) for name in sorted(datasets)]
    key = (store.settings.database, choice.found_on.id, choice.tested_on.id, choice.with_label, choice.least, *marks)
    found = _searched.get(key)
    if found is None:
        found = _searched[key] = _search(store, choice)
        if len(_searched) > _KEPT:
            _searched.popitem(last=False)
    return replace(found, choice=choice)


def _search(store: Store, choice: SliceChoice) -> Slices:
    there = gathered_faces.gather(store, [[choice.found_on]])
    here = gathered_faces.gather(store, [[choice.tested_on]], there.attributes.bounds)
    least = choice.least or max(LEAST_FACES, round(LEAST_SHARE * len(there.face_ids)))
    found = _found(there, choice.with_label, least)
    each = [_tested(there, here, one) for one in found]
    p_values = holm([np.nan if gap is None else gap.p_value for *_, gap, _ in each]).tolist()
    return Slices(
        choice=choice,
        least=least,
        found_on=subgroups.over_all(there.cells[0], there.clusters, ACCURACY),
        tested_on=subgroups.over_all(here.cells[0], here.clusters, ACCURACY),
        slices=tuple(
            TestedSlice(values, known, tested, gap, None if gap is None else p_value, faces)
            for (values, known, tested, gap, faces), p_value in zip(each, p_values, strict=True)
        ),
    )


def _found(faces: GatheredFaces, with_label: bool, least: int) -> list[Slice]:
    left_out = _PLACE_WIDE if with_label else (*_PLACE_WIDE, Attribute.LABEL)
    codes = {str(name): values for name, values in faces.attributes.codes.items() if name not in left_out}
    wrong = faces.cells[0] // CLASSES != faces.cells[0] % CLASSES
    best = evaluation.telling(evaluation.find(codes, wrong, least, _LOOKED_AT), codes, wrong)
    return evaluation.distinct(best, codes, TESTED)


def _tested(
    there: GatheredFaces, here: GatheredFaces, found: Slice
) -> tuple[tuple[AttributeValue, ...], Measured, Measured, LargestGap | None, tuple[int, ...]]:
    values = tuple(there.attributes.value(Attribute(name), code) for name, code in found.properties)
    inside, known = members(here, values), members(there, values)
    gap = subgroups.contrast(here.cells[0], here.clusters, inside, ACCURACY)
    faces = tuple(here.face_ids[inside].tolist())
    return values, _accuracy(there, known), _accuracy(here, inside), gap, faces


def members(faces: GatheredFaces, values: Sequence[AttributeValue]) -> "np.typing.NDArray[np.bool_]":
    """(N,) flags of the faces that have all of these values."""
    inside = np.ones(len(faces.face_ids), bool)
    for value in values:
        known = faces.attributes.values[value.attribute]
        code = known.index(value) if value in known else len(known)
        inside &= faces.attributes.codes[value.attribute] == code
    return inside


def _accuracy(faces: GatheredFaces, inside: "np.typing.NDArray[np.bool_]") -> Measured:
    clusters = None if faces.clusters is None else np.unique(faces.clusters[inside], return_inverse=True)[1]
    return subgroups.over_all(faces.cells[0][inside], clusters, ACCURACY)


def as_json(found: Slices) -> dict[str, Any]:
    """Slices as the command line prints them."""
    return {
        "run": found.choice.tested_on.run,
        "found_on": {"dataset": found.choice.found_on.dataset, "split": found.choice.found_on.split},
        "tested_on": {"dataset": found.choice.tested_on.dataset, "split": found.choice.tested_on.split},
        "least": found.least,
        "accuracy": {"validation": _measured(found.found_on), "test": _measured(found.tested_on)},
        "slices": [
            {
                "properties": [value.as_json() for value in each.values],
                "validation": _measured(each.found),
                "test": _measured(each.tested),
                "difference": each.gap
                and {"value": each.gap.value, "interval": [each.gap.low, each.gap.high], "p": each.gap.p_value},
                "p_holm": each.p_holm,
                "faces": list(each.face_ids),
            }
            for each in found.slices
        ],
    }


def _measured(found: Measured) -> dict[str, Any]:
    return {"value": found.value, "interval": [found.low, found.high], "n": found.n, "clusters": found.clusters}
