"""Trained-on × tested-on by any measure: cells with intervals, seeds in one row, differences to a baseline."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, stdev

import numpy as np

from fercore.evaluation.differences import Difference, difference
from fercore.evaluation.measures import ACCURACY, Measured
from fercore.evaluation.significance import holm, mcnemar
from fercore.services.comparison import common_faces, figures
from fercore.services.comparison.common_faces import CommonFaces
from fercore.services.comparison.figures import Figures
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.table import alike, recipe_names
from fercore.services.comparison.training_key import TrainingKey
from fercore.store import Store


@dataclass(frozen=True)
class SeedResult:
    """One run's figure in a cell."""

    view: EvaluationView
    measured: Measured


@dataclass(frozen=True)
class ResultCell:
    """Runs that differ in their seed alone, on one split: the mean of a measure, its 95 % interval, the spread over
    seeds (None for one), and the number of faces.

    `learned` counts faces that the runs have learned pixel by pixel. `chosen_on` is true where the runs' own choices
    (their epoch, or when to stop) were made on these faces. `left_out` counts runs counted with other labels. With a
    baseline, `difference` is to it, and `p_value` its p after Holm over all cells that were looked at.
    """

    value: float | None
    low: float
    high: float
    spread: float | None
    n: int
    seeds: tuple[SeedResult, ...]
    in_domain: bool
    chosen_on: bool
    learned: int
    stale: bool
    left_out: int
    difference: Difference | None = None
    p_value: float | None = None


@dataclass(frozen=True)
class ResultRow:
    """One training, whatever its seed, and its cells by dataset."""

    training: TrainingKey
    recipe: str
    snapshot: str
    trained_on: tuple[str, ...]
    runs: tuple[int, ...]
    seeds: tuple[int, ...]
    epochs_done: tuple[int, ...]
    cells: Mapping[str, ResultCell] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """All trainings on one split of each dataset; `tests` counts the differences that were tested."""

    split: str
    measure: str
    datasets: tuple[str, ...]
    rows: tuple[ResultRow, ...]
    baseline: int | None = None
    tests: int = 0


@dataclass(frozen=True)
class TableChoice:
    """The choice of what a table shows: a split, a measure, faces that the runs have not learned only, and a run to
    whose training all others are compared.
    """

    split: str
    measure: str = ACCURACY
    without_learned: bool = False
    baseline: int | None = None


def results(
    store: Store, views: Sequence[EvaluationView], choice: TableChoice, stale: frozenset[int] = frozenset()
) -> Results:
    """The table of one split of each dataset."""
    here = [view for view in views if view.split == choice.split]
    rows = rows_of(here, figures.of_each(store, here), choice, stale)
    datasets = tuple(dict.fromkeys(name for row in rows for name in row.cells))
    table = Results(choice.split, choice.measure, datasets, tuple(rows))
    pinned = next((row for row in rows if choice.baseline in row.runs), None)
    return table if pinned is None else _compared(store, table, pinned)


def rows_of(
    views: Sequence[EvaluationView], known: Mapping[int, Figures], choice: TableChoice, stale: frozenset[int]
) -> list[ResultRow]:
    """One row for each training but for its seed, in the order of the first run; `stale` evaluations count last."""
    groups: defaultdict[TrainingKey, list[EvaluationView]] = defaultdict(list)
    for view in views:
        groups[view.training].append(view)
    names = recipe_names(groups)
    return [_row(names[training], group, known, choice, stale) for training, group in groups.items()]


def _row(
    recipe: str,
    group: Sequence[EvaluationView],
    known: Mapping[int, Figures],
    choice: TableChoice,
    stale: frozenset[int],
) -> ResultRow:
    by_dataset: defaultdict[str, list[EvaluationView]] = defaultdict(list)
    for view in group:
        by_dataset[view.dataset].append(view)
    runs = {view.run: view for view in group}
    return ResultRow(
        training=group[0].training,
        recipe=recipe,
        snapshot=group[0].snapshot,
        trained_on=group[0].trained_on,
        runs=tuple(runs),
        seeds=tuple(view.seed for view in runs.values()),
        epochs_done=tuple(sorted({view.epochs_done for view in runs.values() if view.epochs_done is not None})),
        cells={dataset: _cell(part, known, choice, stale) for dataset, part in by_dataset.items()},
    )


def _cell(
    part: Sequence[EvaluationView],
    known: Mapping[int, Figures],
    choice: TableChoice,
    stale: frozenset[int],
) -> ResultCell:
    same = alike(part, stale)
    seeds = tuple(SeedResult(view, known[view.id].of(choice.measure, choice.without_learned)) for view in same)
    values = [seed.measured.value for seed in seeds if seed.measured.value is not None]
    low, high = _interval([seed.measured for seed in seeds if seed.measured.value is not None])
    return ResultCell(
        value=fmean(values) if values else None,
        low=low,
        high=high,
        spread=stdev(values) if len(values) > 1 else None,
        n=seeds[0].measured.n,
        seeds=seeds,
        in_domain=same[0].dataset in same[0].trained_on,
        chosen_on=any(view.chosen_on for view in same),
        learned=max(known[view.id].learned for view in same),
        stale=any(view.id in stale for view in same),
        left_out=len(part) - len(same),
    )


def _interval(seeds: Sequence[Measured]) -> tuple[float, float]:
    """The interval of a mean over seeds: as wide as those of the seeds, whose faces are the same, and their spread."""
    if len(seeds) < 2:
        return (seeds[0].low, seeds[0].high) if seeds else (0.0, 1.0)
    from scipy import special

    values = [seed.value for seed in seeds if seed.value is not None]
    mean = fmean(values)
    of_seeds = float(special.stdtrit(len(values) - 1, 0.975)) * stdev(values) / len(values) ** 0.5
    below = fmean(value - seed.low for value, seed in zip(values, seeds, strict=True))
    above = fmean(seed.high - value for value, seed in zip(values, seeds, strict=True))
    return max(mean - float(np.hypot(below, of_seeds)), 0.0), min(mean + float(np.hypot(above, of_seeds)), 1.0)


def _compared(store: Store, table: Results, pinned: ResultRow) -> Results:
    """The table with each cell's difference to the pinned row, and Holm's adjustment over all of them."""
    found: dict[tuple[int, str], Difference] = {}
    for dataset in table.datasets:
        if dataset not in pinned.cells:
            continue
        others = [(at, row.cells[dataset]) for at, row in enumerate(table.rows) if dataset in row.cells]
        others = [(at, cell) for at, cell in others if table.rows[at] is not pinned]
        found |= {(at, dataset): each for at, each in _differences(store, table.measure, pinned.cells[dataset], others)}
    adjusted = dict(zip(found, holm([each.p_value for each in found.values()]), strict=True))
    rows = tuple(
        replace(
            row,
            cells={
                name: replace(cell, difference=found[at, name], p_value=float(adjusted[at, name]))
                if (at, name) in found
                else cell
                for name, cell in row.cells.items()
            },
        )
        for at, row in enumerate(table.rows)
    )
    return replace(table, rows=rows, baseline=pinned.runs[0], tests=len(found))


def _differences(
    store: Store, measure: str, base: ResultCell, others: Sequence[tuple[int, ResultCell]]
) -> list[tuple[int, Difference]]:
    """Differences of cells of one dataset to the baseline's, on the faces that each has in common with it."""
    first = [seed.view for seed in base.seeds]
    views = [*first, *(seed.view for _, cell in others for seed in cell.seeds)]
    counted = common_faces.read(store, [view.id for view in views])
    facts = common_faces.facts_of(store, first[0].dataset_id, first[0].split)
    whole = common_faces.align(views, [counted[view.id] for view in views], facts)
    are_same = not whole.labels_of_now and not any(whole.left_out)
    found, start = [], len(first)
    for at, cell in others:
        size = len(cell.seeds)
        if are_same:
            faces, rows = whole, range(start, start + size)
        else:
            part = [*first, *(seed.view for seed in cell.seeds)]
            faces = common_faces.align(part, [counted[view.id] for view in part], facts)
            rows = range(len(first), len(part))
        start += size
        each = _difference(faces, rows, len(first), measure)
        if each is not None:
            found.append((at, each))
    return found


def _difference(faces: CommonFaces, rows: range, base: int, measure: str) -> Difference | None:
    """The difference of some rows of common faces to the first `base` ones; two runs' accuracies by McNemar's test."""
    cells = faces.labels * 7 + faces.predicted
    each = difference(cells[rows.start : rows.stop], cells[:base], faces.clusters, measure)
    if each is None or measure != ACCURACY or faces.clustered or base > 1 or len(rows) > 1:
        return each
    right = faces.predicted[[rows.start, 0]] == faces.labels
    return replace(each, p_value=mcnemar(right[0], right[1]).p_mid)
