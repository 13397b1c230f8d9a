"""Maps of faces as files, named by the hash of what they were made from."""

import json
import zipfile
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.errors import StoredDataError
from fercore.language import tr

_SUFFIX: Final = ".npz"
_NO_MAP: Final = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile)


@dataclass(frozen=True)
class MapOrigin:
    """The datasets, by number, and features that a map was made from; `run` is None for features without a network."""

    datasets: tuple[int, ...]
    run: int | None
    seed: int


@dataclass(frozen=True)
class MapFile:
    """A map: its hash and origin, (N,) face `ids` with the first 8 bytes of their pixels' SHA-256 as `keys`, and (N, 2)
    float32 `points` from -1 to 1.

    A number can be of another face once its face was deleted: the key tells them apart.
    """

    hash: str
    origin: MapOrigin
    ids: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint64]
    points: npt.NDArray[np.float32]


def keys(digests: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """(N, 32) uint8 SHA-256 digests to (N,) keys."""
    return np.ascontiguousarray(digests[:, :8]).view(np.uint64).ravel()


def path_of(folder: Path, content: str) -> Path:
    """The file of a map with this hash."""
    return folder / f"{content}{_SUFFIX}"


def write(folder: Path, made: MapFile) -> None:
    """Keep a map, and drop older ones of the same origin."""
    for path, origin in _origins(folder):
        if origin == made.origin and path.stem != made.hash:
            path.unlink(missing_ok=True)
    _save(path_of(folder, made.hash), made)


def latest(folder: Path, origin: MapOrigin) -> str | None:
    """The hash of the newest map of an origin."""
    fitting = [path for path, known in _origins(folder) if known == origin]
    fitting.sort(key=lambda path: path.stat().st_mtime)
    return fitting[-1].stem if fitting else None


def read(folder: Path, content: str) -> MapFile:
    """The map with this hash; raises StoredDataError where it is gone or broken."""
    try:
        with np.load(path_of(folder, content), allow_pickle=False) as stored:
            columns = (stored[name] for name in ("ids", "keys", "points"))
            return MapFile(content, _origin(stored), *columns)
    except _NO_MAP:
        raise StoredDataError(tr("This map is gone or cannot be read: make it again.")) from None


def remove(folder: Path, dataset_id: int) -> None:
    """Delete the maps that show a dataset."""
    for path, origin in _origins(folder):
        if dataset_id in origin.datasets:
            path.unlink(missing_ok=True)


def forget(folder: Path, face_ids: Collection[int]) -> None:
    """Take faces out of all maps."""
    gone = np.array(sorted(face_ids), np.int64)
    for path, _ in _origins(folder):
        known = read(folder, path.stem)
        left = ~np.isin(known.ids, gone)
        if not left.all():
            _save(path, MapFile(known.hash, known.origin, known.ids[left], known.keys[left], known.points[left]))


def _save(path: Path, made: MapFile) -> None:
    draft = path.with_suffix(".part")
    origin = np.frombuffer(json.dumps(asdict(made.origin)).encode(), np.uint8)
    with draft.open("wb") as file:
        np.savez(file, origin=origin, ids=made.ids, keys=made.keys, points=made.points)
    draft.replace(path)


def _origins(folder: Path) -> list[tuple[Path, MapOrigin]]:
    """The maps that can be read; others are as if they were not there."""
    found = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            with np.load(path, allow_pickle=False) as stored:
                found.append((path, _origin(stored)))
        except _NO_MAP:
            continue
    return found


def _origin(stored: Any) -> MapOrigin:
    given = json.loads(stored["origin"].tobytes())
    return MapOrigin(tuple(given["datasets"]), given["run"], given["seed"])
