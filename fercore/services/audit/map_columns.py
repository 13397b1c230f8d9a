"""Columns of a map: what its faces can be coloured and chosen by, as codes of one byte each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.services.comparison import stored_evaluations
from fercore.splits import SPLITS
from fercore.store import Store
from fercore.store.audit.audited_faces import AuditedFaces

NONE: Final = 255  # of faces without an entry
BANDS: Final = 6
RUN_COLUMNS: Final = ("correct", "doubt")
MEASURES: Final = ("sharpness", "brightness", "contrast")
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class MapColumn:
    """(N,) codes, and the entry that each code stands for: a name, or the lowest and highest value of a band."""

    codes: Codes
    entries: tuple[str | tuple[float, float], ...]

    def as_json(self) -> list[dict[str, Any]]:
        """The legend: each entry with its number of faces, and at the end those without one."""
        counts = np.bincount(self.codes, minlength=NONE + 1)
        rows = [
            {"code": code, "key": entry, "count": int(counts[code])} for code, entry in enumerate(self.entries)
        ]
        return [*rows, {"code": NONE, "key": "none", "count": int(counts[NONE])}]


def plain(mapped: AuditedFaces) -> dict[str, MapColumn]:
    """The columns that need no run: emotion, dataset, split, and the measures of the picture."""
    measured = {name: _banded(mapped.measures[:, at]) for at, name in enumerate(MEASURES)}
    return {
        "emotion": MapColumn(_coded(mapped.label), EMOTIONS),
        "dataset": MapColumn(_coded(mapped.dataset), mapped.names),
        "split": MapColumn(_coded(mapped.split), tuple(map(str, SPLITS))),
        **measured,
    }


def of_run(store: Store, run: int, ids: npt.NDArray[np.int64], datasets: Sequence[str]) -> dict[str, MapColumn]:
    """The columns of a run, from its latest evaluations on these datasets: right or wrong by the labels of then, and
    doubt in the label, which is 1 less the run's probability of it. `ids` rise within each dataset.
    """
    correct = np.full(len(ids), NONE, np.uint8)
    doubt = np.full(len(ids), np.nan)
    order = np.argsort(ids)
    for view in stored_evaluations.listed(store):
        if view.run != run or view.dataset not in datasets:
            continue
        scored = stored_evaluations.scored(store, view.id)
        faces = np.array(scored.face_ids, np.int64)
        places = order[np.minimum(np.searchsorted(ids, faces, sorter=order), len(ids) - 1)]
        there = ids[places] == faces
        at, labels, shares = places[there], scored.labels[there], scored.probabilities[there]
        correct[at] = shares.argmax(axis=1) != labels
        doubt[at] = 1 - shares[np.arange(len(labels)), labels]
    return {"correct": MapColumn(correct, ("right", "wrong")), "doubt": _banded(doubt)}


def evaluated_runs(store: Store, datasets: Sequence[str]) -> list[int]:
    """The runs that were evaluated on one of these datasets, the newest first."""
    return sorted({view.run for view in stored_evaluations.listed(store) if view.dataset in datasets}, reverse=True)


def _coded(values: npt.NDArray[np.integer]) -> Codes:
    """Places in a list, -1 for none."""
    codes: Codes = np.where(values < 0, NONE, values).astype(np.uint8)
    return codes


def _banded(values: npt.NDArray[np.floating]) -> MapColumn:
    """Bands of about equally many faces; as many as there are different values where those are few."""
    known = ~np.isnan(values)
    codes = np.full(len(values), NONE, np.uint8)
    if not known.any():
        return MapColumn(codes, ())
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, BANDS + 1)))
    codes[known] = np.clip(np.searchsorted(edges, values[known], side="right") - 1, 0, max(len(edges) - 2, 0))
    bounds = [values[codes == code] for code in range(max(len(edges) - 1, 1))]
    return MapColumn(codes, tuple((float(each.min()), float(each.max())) if len(each) else (0.0, 0.0) for each in bounds))


