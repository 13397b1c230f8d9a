"""Columns of a map: what its faces can be coloured and chosen by, as codes of one byte each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.curation.checks import Check
from fercore.emotions import EMOTIONS
from fercore.services.comparison import stored_evaluations
from fercore.splits import SPLITS
from fercore.store import Store
from fercore.store.audit import audits, findings
from fercore.store.audit.audited_faces import AuditedFaces

NONE: Final = 255  # of faces without an entry
BANDS: Final = 6
RUN_COLUMNS: Final = ("correct", "doubt")
MEASURES: Final = ("sharpness", "brightness", "contrast")
Codes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MapColumn:
    """(N,) codes, and the entry that each code stands for: a name, or the lowest and highest value of a band."""

    codes: Codes
    entries: tuple[str | tuple[float, float], ...]

    def as_json(self) -> list[dict[str, Any]]:
        """The legend: each entry with its number of faces, and at the end those without one."""
        counts = np.bincount(self.codes, minlength=NONE + 1)
        rows = [{"code": code, "key": entry, "count": int(counts[code])} for code, entry in enumerate(self.entries)]
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


def of_run(store: Store, run: int, ids: Places, datasets: Sequence[str]) -> dict[str, MapColumn]:
    """The columns of a run, from its latest evaluations on these datasets: right or wrong by the labels of then, and
    doubt in the label, which is 1 less the run's probability of it.
    """
    correct = np.full(len(ids), NONE, np.uint8)
    doubt = np.full(len(ids), np.nan)
    for view in stored_evaluations.listed(store):
        if view.run != run or view.dataset not in datasets:
            continue
        scored = stored_evaluations.scored(store, view.id)
        places, there = _places(ids, np.array(scored.face_ids, np.int64))
        labels, shares = scored.labels[there], scored.probabilities[there]
        correct[places] = shares.argmax(axis=1) != labels
        doubt[places] = 1 - shares[np.arange(len(labels)), labels]
    return {"correct": MapColumn(correct, ("right", "wrong")), "doubt": _banded(doubt)}


def audit_of(store: Store, datasets: Sequence[int]) -> int | None:
    """The newest audit that looked at these datasets, by number."""
    with store.database.reading() as session:
        return next((audit.id for audit in audits.covering(session, datasets)), None)


def suspicion(store: Store, audit: int, ids: Places) -> MapColumn:
    """The suspicion in labels that an audit doubts; all others have none."""
    with store.database.reading() as session:
        found = findings.faces(session, audits.get(session, audit), Check.LABELS)
    scores = np.full(len(ids), np.nan)
    places, there = _places(ids, np.array([each.face for each in found], np.int64))
    scores[places] = np.array([np.nan if each.score is None else each.score for each in found])[there]
    return _banded(scores)


def _places(ids: Places, faces: Places) -> tuple[Places, npt.NDArray[np.bool_]]:
    """Places in `ids` of those of these faces that are there, and (M,) flags of these."""
    if not len(ids):
        return np.empty(0, np.int64), np.zeros(len(faces), bool)
    order = np.argsort(ids)
    places = order[np.minimum(np.searchsorted(ids, faces, sorter=order), len(ids) - 1)]
    there = ids[places] == faces
    return places[there], there


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
    return MapColumn(
        codes, tuple((float(each.min()), float(each.max())) if len(each) else (0.0, 0.0) for each in bounds)
    )
