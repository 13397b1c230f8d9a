"""The results table as the browser gets it: words that are ready to be shown, numbers to sort by."""

from collections.abc import Mapping
from typing import Any

from fercore.evaluation.measures import LEAST_FACES
from fercore.evaluation.significance import ALPHA
from fercore.language import tr, trn
from fercore.services.comparison import stored_evaluations
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.results import ResultCell, ResultRow, Results, SeedResult
from fercore.training.models.pretrained import InitialWeights

TableData = dict[str, Any]


def table_data(results: Results) -> TableData:
    """All rows with their cells, in the order of the datasets."""
    return {
        "datasets": list(results.datasets),
        "rows": [_row(row, results) for row in results.rows],
        "baseline": results.baseline,
    }


def _row(row: ResultRow, results: Results) -> dict[str, Any]:
    is_baseline = results.baseline in row.runs
    several = len(row.runs) > 1
    return {
        "run": row.runs[0],
        "title": f"{row.training.backbone} · {' + '.join(row.trained_on) or tr('unknown data')}",
        "detail": _detail(row),
        "seeds": _seeds_words(row),
        "cells": [_cell(row.cells.get(name), is_baseline) for name in results.datasets],
        "open": [_seed_row(row, at, results) for at in range(len(row.runs))] if several else [],
    }


def _detail(row: ResultRow) -> str:
    if row.training.is_foreign:
        return tr("from elsewhere")
    weights = row.training.weights
    starts: dict[str, str] = {InitialWeights.IMAGENET: "ImageNet", InitialWeights.NONE: tr("random start")}
    reached = ", ".join(map(str, row.epochs_done))
    epochs = trn("{count} epoch", "{count} epochs", row.training.epochs)
    parts = [
        row.recipe,
        f"{row.snapshot} {row.training.snapshot_hash[:6]}",
        starts.get(weights, weights.removeprefix("sha256:")[:12]),
        f"{epochs} ({reached})" if reached and reached != str(row.training.epochs) else epochs,
    ]
    return " · ".join(part for part in parts if part)


def _seeds_words(row: ResultRow) -> str:
    if row.training.is_foreign:
        return tr("Run {run}", run=row.runs[0])
    if len(row.runs) == 1:
        return f"{tr('Run {run}', run=row.runs[0])} · {tr('seed {seed}', seed=row.seeds[0])}"
    runs = ", ".join(map(str, row.runs))
    return f"{trn('{count} seed', '{count} seeds', len(row.runs))} · {tr('Runs {runs}', runs=runs)}"


def _cell(cell: ResultCell | None, is_baseline: bool) -> dict[str, Any] | None:
    if cell is None or cell.value is None:
        return None
    seed = cell.seeds[0].view
    texts = _difference_texts(cell) if cell.difference is not None else _value_texts(cell)
    if is_baseline:  # among differences, it stands where its own is
        texts |= {"value": 0.0}
    return texts | {
        "evaluation": seed.id,
        "inDomain": cell.in_domain,
        "unknownData": not seed.trained_on,
        "baseline": is_baseline,
        "few": cell.is_few,
        "marks": _marks(cell),
    }


def _value_texts(cell: ResultCell) -> dict[str, Any]:
    spread = "" if cell.spread is None else f" · ± {cell.spread * 100:.1f}"
    return {
        "value": cell.value,
        "shade": cell.value,
        "text": f"{cell.value:.1%}",
        "small": f"{cell.low * 100:.1f}–{cell.high * 100:.1f}{spread}",
        "n": f"n {cell.faces:,}",
    }


def _difference_texts(cell: ResultCell) -> dict[str, Any]:
    change = cell.difference
    assert change is not None, "asked for differences"
    sign = "+" if change.value > 0 else ""
    return {
        "value": change.value,
        "difference": change.value,
        "isShown": cell.p_value is not None and cell.p_value < ALPHA,
        "text": f"{sign}{points(change.value)}",
        "small": f"{points(change.low)} … {points(change.high)}",
        "n": " · ".join([*([] if cell.p_value is None else [p_words(cell.p_value)]), f"n {cell.faces:,}"]),
    }


def _marks(cell: ResultCell) -> list[str]:
    """Remarks without which a figure misleads."""
    marks = [tr("few faces")] * cell.is_few
    if cell.seeds[0].view.is_training_accuracy:
        marks.append(tr("training accuracy"))
    elif cell.learned:
        marks.append(trn("{count} learned face", "{count} learned faces", cell.learned))
    if cell.chosen_on:
        marks.append(tr("chosen on these faces"))
    if cell.stale:
        marks.append(tr("stale"))
    if mark := stored_evaluations.selection_mark(sorted({run for seed in cell.seeds for run in seed.view.selected_by})):
        marks.append(mark)
    if cell.left_out:
        marks.append(
            trn("{count} run with other labels left out", "{count} runs with other labels left out", cell.left_out)
        )
    return marks


def _seed_row(row: ResultRow, at: int, results: Results) -> dict[str, Any]:
    cells = [_seed_cell(row.cells.get(name), row.runs[at]) for name in results.datasets]
    title = f"{tr('Run {run}', run=row.runs[at])} · {tr('seed {seed}', seed=row.seeds[at])}"
    return {"run": row.runs[at], "title": title, "cells": cells}


def _seed_cell(cell: ResultCell | None, run: int) -> Mapping[str, Any] | None:
    seed = next((seed for seed in cell.seeds if seed.view.run == run), None) if cell else None
    return None if seed is None or seed.measured.value is None else _seed_texts(seed)


def _seed_texts(seed: SeedResult) -> dict[str, Any]:
    value, is_few = seed.measured.value, seed.measured.n < LEAST_FACES
    return {
        "value": value,
        "shade": value,
        "text": f"{value:.1%}",
        "small": f"{seed.measured.low * 100:.1f}–{seed.measured.high * 100:.1f}",
        "n": f"n {seed.measured.n:,}",
        "evaluation": seed.view.id,
        "inDomain": seed.view.dataset in seed.view.trained_on,
        "unknownData": not seed.view.trained_on,
        "baseline": False,
        "few": is_few,
        "marks": [tr("few faces")] * is_few,
    }
