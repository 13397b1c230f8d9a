"""Trained-on × tested-on by any measure: cells with intervals, seeds in one row, differences to a baseline."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, stdev

import numpy as np

from fercore.evaluation.differences import Difference
from fercore.evaluation.measures import ACCURACY, LEAST_FACES, Measured
from fercore.evaluation.significance import holm
from fercore.services.comparison import baseline, figures
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
    baseline, `difference` is to it on `common` faces, and `p_value` its p after Holm over all cells that were looked
    at.
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
    common: int | None = None

    @property
    def faces(self) -> int:
        """The faces that count for what is shown: the difference, if there is one."""
        return self.n if self.common is None else self.common

    @property
    def is_few(self) -> bool:
        """True where they are too few to rank or to colour by."""
        return self.faces < LEAST_FACES


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
    found: dict[tuple[int, str], tuple[Difference, int]] = {}
    for dataset in table.datasets:
        if dataset not in pinned.cells:
            continue
        here = {at: _views(row.cells[dataset]) for at, row in enumerate(table.rows) if dataset in row.cells}
        others = {at: seeds for at, seeds in here.items() if table.rows[at] is not pinned}
        counted = baseline.differences(store, table.measure, _views(pinned.cells[dataset]), others)
        found |= {(at, dataset): each for at, each in counted.items()}
    adjusted = dict(zip(found, holm([each.p_value for each, _ in found.values()]), strict=True))
    rows = tuple(
        replace(
            row,
            cells={
                name: _with_difference(cell, found.get((at, name)), adjusted.get((at, name)))
                for name, cell in row.cells.items()
            },
        )
        for at, row in enumerate(table.rows)
    )
    return replace(table, rows=rows, baseline=pinned.runs[0], tests=len(found))


def _views(cell: ResultCell) -> list[EvaluationView]:
    return [seed.view for seed in cell.seeds]


def _with_difference(cell: ResultCell, found: tuple[Difference, int] | None, p_value: float | None) -> ResultCell:
    if found is None or p_value is None:
        return cell
    return replace(cell, difference=found[0], p_value=float(p_value), common=found[1])
