"""A map as it is looked at: its faces of now, their places, and columns to colour and choose by."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.curation.polygons import inside
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.audit import map_columns
from fercore.services.audit.face_map import MapChoice, origin_of
from fercore.services.audit.map_columns import RUN_COLUMNS, MapColumn
from fercore.services.datasets import exports
from fercore.store import Store
from fercore.store.audit import audited_faces, map_files
from fercore.store.datasets import datasets, faces

MOST_DATASETS: Final = 250  # a byte has room for these
_KEPT: Final = 4
_opened: Final[OrderedDict[tuple[object, ...], "MapView"]] = OrderedDict()
_turn: Final = threading.Lock()


@dataclass(frozen=True)
class MapFilter:
    """Faces inside of a polygon, (V, 2) corners from -1 to 1, and of these entries of a column; None for all."""

    polygon: npt.NDArray[np.float64] | None = None
    column: str | None = None
    codes: tuple[int, ...] | None = None


@dataclass(frozen=True)
class MapView:
    """The faces of a map that are there and not rejected: (N,) `ids` and (N, 2) `points`.

    `key` is the hash of what is shown; `missing` counts faces that came after the map was made.
    """

    store: Store
    choice: MapChoice
    key: str
    ids: npt.NDArray[np.int64]
    points: npt.NDArray[np.float32]
    missing: int
    plain: dict[str, MapColumn]
    _of_runs: dict[int, dict[str, MapColumn]] = field(default_factory=dict)

    @cached_property
    def body(self) -> bytes:
        """The points for the wire: N float32 from left to right, then N from below to above.

        Not compressed: a tenth at most would be gained.
        """
        return np.ascontiguousarray(self.points.T, "<f4").tobytes()

    def column(self, name: str, run: int | None = None) -> MapColumn:
        """A column by its name, those of a run with its number; raises InputError for another name."""
        if run is None and name in self.plain:
            return self.plain[name]
        if run is None or name not in RUN_COLUMNS:
            raise InputError(tr("A map has no column '{name}'.", name=name))
        if run not in self._of_runs:
            self._of_runs[run] = map_columns.of_run(self.store, run, self.ids, self.choice.datasets)
        return self._of_runs[run][name]

    def chosen(self, wanted: MapFilter, run: int | None = None) -> npt.NDArray[np.int64]:
        """The rising places of the faces that fit a filter; raises InputError for a column that is not there."""
        kept = np.ones(len(self.ids), bool)
        if wanted.column is not None and wanted.codes is not None:
            table = np.zeros(map_columns.NONE + 1, bool)
            table[list(wanted.codes)] = True
            kept = table[self.column(wanted.column, run if wanted.column in RUN_COLUMNS else None).codes]
        if wanted.polygon is not None:
            kept = kept & inside(self.points, wanted.polygon)
        return np.flatnonzero(kept)

    def faces(self, places: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
        """Faces with their numbers, codes and pixels; one that went meanwhile has no pixels."""
        numbers = self.ids[places].tolist()
        with self.store.database.reading() as session:
            grays = faces.grays(session, numbers)
        return [
            {
                "face": number,
                "gray": grays.get(number),
                **{name: int(column.codes[place]) for name, column in self.plain.items()},
            }
            for number, place in zip(numbers, places.tolist(), strict=True)
        ]


def is_made(store: Store, choice: MapChoice) -> bool:
    """True if there is a map of these datasets with these features and seed."""
    return map_files.latest(store.maps, origin_of(store, choice)) is not None


def opened(store: Store, choice: MapChoice) -> MapView | None:
    """The map of a choice with its faces of now; None where none was made yet. Raises StoredDataError, NotFoundError,
    and InputError for too many datasets.
    """
    if len(choice.datasets) > MOST_DATASETS:
        raise InputError(tr("A map shows at most {most} datasets.", most=MOST_DATASETS))
    origin = origin_of(store, choice)
    content = map_files.latest(store.maps, origin)
    if content is None:
        return None
    audit = map_columns.audit_of(store, origin.datasets)
    marks = [exports.mark(store, exports.ExportKind.DATASET, name) for name in choice.datasets]
    asked = (store.settings.database, content, choice.datasets, audit, *marks)
    with _turn:  # a million faces take seconds and memory: they are read once for all who wait
        view = _opened.get(asked)
        if view is None:
            view = _opened[asked] = _read(store, choice, content, audit)
        _opened.move_to_end(asked)
        while len(_opened) > _KEPT:
            _opened.popitem(last=False)
    return view


def _read(store: Store, choice: MapChoice, content: str, audit: int | None) -> MapView:
    known = map_files.read(store.maps, content)
    with store.database.one_moment() as session:
        named = [datasets.named(session, name) for name in choice.datasets]
        now = audited_faces.read(session, named)
    order = np.argsort(known.ids, kind="stable")
    at = order[np.minimum(np.searchsorted(known.ids, now.ids, sorter=order), len(known.ids) - 1)]
    shown = (known.ids[at] == now.ids) & (known.keys[at] == map_files.keys(now.digests))
    kept = now.only(np.flatnonzero(shown))
    points = known.points[at[shown]]
    plain = map_columns.plain(kept)
    if audit is not None:
        plain["suspicion"] = map_columns.suspicion(store, audit, kept.ids)
    content_now = hashlib.sha256(np.ascontiguousarray(points).tobytes() + kept.ids.tobytes())
    for name, column in plain.items():
        content_now.update(f"{name}{column.entries}".encode() + column.codes.tobytes())
    return MapView(store, choice, content_now.hexdigest()[:32], kept.ids, points, int((~shown).sum()), plain)
