"""Map of faces: those that look alike lie side by side. Made as a job, kept by the hash of its content."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore import machine
from fercore.curation import embedding_map
from fercore.errors import InputError
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.lanes import MAP, Lane
from fercore.language import tr, trn
from fercore.progress import Progress, silent
from fercore.services.comparison import evaluation
from fercore.services.prediction import model_files
from fercore.store import Store
from fercore.store.audit import audited_faces, map_files
from fercore.store.audit.audited_faces import AuditedFaces
from fercore.store.audit.map_files import MapFile, MapOrigin
from fercore.store.datasets import datasets, faces
from fercore.store.training import runs

Vectors = npt.NDArray[np.float32]
Describe = Callable[[npt.NDArray[np.uint8]], Vectors]

VERSION: Final = 1  # of the features and of the method; another one makes other maps
CHUNK: Final = 4096


@dataclass(frozen=True)
class MapChoice:
    """The datasets to map together; features are the penultimate layer of a run, or need no network (None)."""

    datasets: tuple[str, ...]
    run: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class MadeMap:
    """A map that is there: its hash and the number of its faces; `was_there` is true where nothing had to be done."""

    hash: str
    faces: int
    was_there: bool


def make(store: Store, choice: MapChoice, progress: Progress = silent) -> MadeMap:
    """Map all faces that are not rejected, unless there is such a map already.

    Raises NotFoundError, and InputError for fewer than 10 faces or a run without a model.
    """
    progress(0, 0, tr("Reading faces"))
    origin = origin_of(store, choice)
    mapped = _faces(store, choice)
    if len(mapped) < embedding_map.LEAST_FACES:
        raise InputError(
            trn(
                "There is {count} face to map; a map needs at least {least}.",
                "There are {count} faces to map; a map needs at least {least}.",
                len(mapped),
                least=embedding_map.LEAST_FACES,
            )
        )
    content = _hash(origin, mapped)
    was_there = map_files.path_of(store.maps, content).is_file()
    if not was_there:
        points = _points(store, origin, mapped, progress)
        map_files.write(store.maps, MapFile(content, origin, mapped.ids, map_files.keys(mapped.digests), points))
    return MadeMap(content, len(mapped), was_there)


def origin_of(store: Store, choice: MapChoice) -> MapOrigin:
    """The choice by numbers; raises NotFoundError, and InputError where no dataset is named."""
    if not choice.datasets:
        raise InputError(tr("Choose a dataset to map."))
    with store.database.reading() as session:
        if choice.run is not None:
            model_files.check_trained(runs.get(session, choice.run))
        numbers = {datasets.named(session, name).id for name in choice.datasets}
    return MapOrigin(tuple(sorted(numbers)), choice.run, choice.seed)


def _faces(store: Store, choice: MapChoice) -> AuditedFaces:
    with store.database.one_moment() as session:
        named = {dataset.id: dataset for dataset in (datasets.named(session, name) for name in choice.datasets)}
        return audited_faces.read(session, [named[number] for number in sorted(named)])


def _hash(origin: MapOrigin, mapped: AuditedFaces) -> str:
    """The hash of what a map is made from: its version, features and seed, and its faces' pixels in their order."""
    made_from = hashlib.sha256(f"{VERSION} {origin.run or 'gradients'} {origin.seed}".encode())
    made_from.update(np.ascontiguousarray(mapped.digests).tobytes())
    made_from.update(mapped.ids.tobytes())
    return made_from.hexdigest()


def _points(store: Store, origin: MapOrigin, mapped: AuditedFaces, progress: Progress) -> Vectors:
    """(N, 2) from -1 to 1: at most 50,000 faces are fitted, the others placed beside those."""
    describe = _description(store, origin.run, progress)
    fitted_places = embedding_map.drawn(len(mapped), origin.seed, embedding_map.MOST_FITTED)
    known = _described(store, mapped.ids[fitted_places], describe, progress)
    axes = embedding_map.principal_axes(known, origin.seed)
    fitted = embedding_map.fit(
        axes.project(known),
        origin.seed,
        machine.cores(),
        lambda done, total: progress(done, total, tr("Arranging faces")),
    )
    points = np.empty((len(mapped), 2), np.float32)
    points[fitted_places] = fitted.points
    rest = np.setdiff1d(np.arange(len(mapped)), fitted_places, assume_unique=True)
    if len(rest):
        vectors = _described(store, mapped.ids[rest], lambda pixels: axes.project(describe(pixels)), progress)
        points[rest] = fitted.place(vectors, lambda done, total: progress(done, total, tr("Placing the other faces")))
    return embedding_map.framed(points)


def _description(store: Store, run_id: int | None, progress: Progress) -> Describe:
    if run_id is None:
        from fercore.curation.features import described

        return described
    with store.database.reading() as session:
        run = runs.get(session, run_id)
    from fercore.prediction.penultimate import PenultimateLayer, use_no_gpu

    use_no_gpu()
    predictor = evaluation.predictor_of(store, run, progress)
    return PenultimateLayer(predictor.model).features


def _described(store: Store, ids: npt.NDArray[np.int64], describe: Describe, progress: Progress) -> Vectors:
    parts = []
    for start in range(0, len(ids), CHUNK):
        progress(start, len(ids), tr("Measuring faces"))
        with store.database.reading() as session:
            parts.append(describe(faces.pixels(session, ids[start : start + CHUNK].tolist())))
    return np.concatenate(parts)


class MappedDataset(JobRequest):
    """A dataset by its name, which follows when it is renamed."""

    dataset: str


class FaceMapJob(JobRequest):
    """The faces to map, and how."""

    of: list[MappedDataset]
    run: int | None = None
    seed: int = 0


def request(choice: MapChoice) -> FaceMapJob:
    """The job that makes a map."""
    return FaceMapJob(of=[MappedDataset(dataset=name) for name in choice.datasets], run=choice.run, seed=choice.seed)


def _run(store: Store, job: FaceMapJob, progress: Progress) -> dict[str, Any]:
    choice = MapChoice(tuple(each.dataset for each in job.of), job.run, job.seed)
    made = make(store, choice, progress)
    return {"map": made.hash, "faces": made.faces, "was_there": made.was_there}


def _summary(result: dict[str, Any]) -> str:
    return trn("{count} face is on the map.", "{count} faces are on the map.", result["faces"])


def _title(names: Sequence[str]) -> str:
    return tr("Map the faces of {datasets}", datasets=", ".join(names))


# Not in the lane of devices: on a cluster, its machines do not share the folder of maps.
KIND: Final = JobKind(
    MAP,
    Lane.DISK,
    FaceMapJob,
    _run,
    title=lambda job: _title([each.dataset for each in job.of]),
    summary=_summary,
)
