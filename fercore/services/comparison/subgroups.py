"""Runs by subgroups of faces: a measure by gender, age, picture and dataset, and the largest gap of each, tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fercore.errors import InputError
from fercore.evaluation import subgroups as evaluation
from fercore.evaluation.measures import ACCURACY, Measured
from fercore.evaluation.significance import holm
from fercore.evaluation.subgroups import Fitness, LargestGap
from fercore.language import tr
from fercore.language.sentences import sentence
from fercore.services.comparison import gathered_faces, stored_evaluations
from fercore.services.comparison.face_attributes import Attribute, AttributeValue
from fercore.services.comparison.gathered_faces import GatheredFaces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store

BY: tuple[Attribute, ...] = tuple(name for name in Attribute if name != Attribute.LABEL)


@dataclass(frozen=True)
class SubgroupRow:
    """One group: the measure of each run on it, and the reason for which it takes part in no test, if any."""

    value: AttributeValue
    by_run: tuple[Measured, ...]
    fitness: Fitness


@dataclass(frozen=True)
class TestedGap:
    """The largest gap of one run among the groups of an attribute; `p_holm` is its p over all gaps looked at."""

    high: AttributeValue
    low: AttributeValue
    gap: LargestGap
    p_holm: float


@dataclass(frozen=True)
class AttributeGroups:
    """The groups of one attribute, the faces of which it is unknown, and each run's largest gap, where it is tested."""

    attribute: Attribute
    rows: tuple[SubgroupRow, ...]
    unknown: int
    gaps: tuple[TestedGap | None, ...]


@dataclass(frozen=True)
class Subgroups:
    """R runs on the same N faces of these datasets, over all and by each attribute that tells two groups apart."""

    runs: tuple[EvaluationView, ...]
    datasets: tuple[str, ...]
    split: str
    measure: str
    n: int
    clusters: int | None
    overall: tuple[Measured, ...]
    attributes: tuple[AttributeGroups, ...]

    @property
    def tests(self) -> int:
        """The number of gaps that were tested."""
        return sum(gap is not None for each in self.attributes for gap in each.gaps)


def places(
    evaluations: Sequence[EvaluationView], runs: Sequence[int], split: str, datasets: Sequence[str] = ()
) -> list[list[EvaluationView]]:
    """The evaluations of runs on each of these datasets' split, or on every dataset on which all were evaluated there,
    among the latest ones.

    Raises InputError where a run was not evaluated on one that is named, or there is none.
    """
    known = {(view.run, view.dataset): view for view in evaluations if view.split == split}
    for run in runs:
        if not any(number == run for number, _ in known):
            raise InputError(tr("Run {run} was not evaluated on this split: {split}.", run=run, split=tr(split)))
        for name in datasets:
            if (run, name) not in known:
                raise InputError(
                    tr("Run {run} was not evaluated on '{dataset}', {split}.", run=run, dataset=name, split=tr(split))
                )
    wanted = list(datasets) or sorted({name for _, name in known if all((run, name) in known for run in runs)})
    if not wanted or not runs:
        raise InputError(sentence("These runs were not evaluated on the same faces: evaluate both on one split."))
    return [[known[run, name] for run in runs] for name in wanted]


def of_runs(store: Store, given: Sequence[Sequence[EvaluationView]], measure: str = ACCURACY) -> Subgroups:
    """The subgroups of runs on places, each given as the evaluations of the same runs in the same order."""
    faces = gathered_faces.gather(store, given)
    found = [each for name in BY if (each := _attribute(faces, name, measure)) is not None]
    tested = [gap for _, gaps in found for gap in gaps]
    adjusted = iter(holm([np.nan if gap is None else gap.p_value for gap in tested]).tolist())
    return Subgroups(
        runs=tuple(given[0]),
        datasets=tuple(views[0].dataset for views in given),
        split=given[0][0].split,
        measure=measure,
        n=len(faces.face_ids),
        clusters=None if faces.clusters is None else int(faces.clusters.max()) + 1,
        overall=tuple(evaluation.over_all(cells, faces.clusters, measure) for cells in faces.cells),
        attributes=tuple(
            AttributeGroups(
                groups.attribute,
                groups.rows,
                groups.unknown,
                tuple(_tested(faces, groups.attribute, gap, next(adjusted)) for gap in gaps),
            )
            for groups, gaps in found
        ),
    )


def _attribute(
    faces: GatheredFaces, name: Attribute, measure: str
) -> tuple[AttributeGroups, list[LargestGap | None]] | None:
    """The groups of an attribute and each run's largest gap; None where it tells no two groups apart."""
    codes = faces.attributes.codes[name]
    by_run = [evaluation.groups(cells, faces.clusters, codes, measure) for cells in faces.cells]
    if len(by_run[0]) < 2:
        return None
    alone = np.arange(codes.size) if faces.clusters is None else faces.clusters
    gaps = [
        evaluation.largest_gap(cells, alone, codes, measure, groups)
        for cells, groups in zip(faces.cells, by_run, strict=True)
    ]
    rows = tuple(
        SubgroupRow(
            faces.attributes.value(name, of_runs[0].code),
            tuple(group.measured for group in of_runs),
            of_runs[0].fitness,
        )
        for of_runs in zip(*by_run, strict=True)
    )
    return AttributeGroups(name, rows, int((codes < 0).sum()), ()), gaps


def _tested(faces: GatheredFaces, name: Attribute, gap: LargestGap | None, p_holm: float) -> TestedGap | None:
    if gap is None:
        return None
    value = faces.attributes.value
    return TestedGap(value(name, gap.high_code), value(name, gap.low_code), gap, p_holm)


def as_json(found: Subgroups) -> dict[str, Any]:
    """Subgroups as the command line prints them."""
    return {
        "runs": [view.run for view in found.runs],
        "datasets": list(found.datasets),
        "split": found.split,
        "measure": found.measure,
        "n": found.n,
        "clusters": found.clusters,
        "overall": [_measured(each) for each in found.overall],
        "attributes": [
            {
                "attribute": str(each.attribute),
                "unknown": each.unknown,
                "groups": [
                    row.value.as_json()
                    | {"fitness": str(row.fitness), "runs": [_measured(measured) for measured in row.by_run]}
                    for row in each.rows
                ],
                "largest_gap": [gap and _gap(gap) for gap in each.gaps],
            }
            for each in found.attributes
        ],
        "mark": [stored_evaluations.selection_mark(view.selected_by) for view in found.runs],
    }


def _measured(found: Measured) -> dict[str, Any]:
    return {"value": found.value, "interval": [found.low, found.high], "n": found.n, "clusters": found.clusters}


def _gap(found: TestedGap) -> dict[str, Any]:
    return {
        "high": found.high.as_json(),
        "low": found.low.as_json(),
        "value": found.gap.value,
        "interval": [found.gap.low, found.gap.high],
        "p": found.gap.p_value,
        "p_holm": found.p_holm,
    }
