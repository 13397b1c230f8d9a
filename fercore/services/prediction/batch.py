"""Many photos, or a zip of them, read by a run in a job: one that cannot be read never stops the others."""

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from fercore.errors import Fault, UnreadableImageError, UnreadableSourceError
from fercore.faces.contents import is_archive
from fercore.faces.decoding import SCALES, decode
from fercore.faces.extraction import Extracted, Wanted
from fercore.faces.files import Listed, files_in, loose_file
from fercore.faces.kinds import HEAD, ZIP, kind_of
from fercore.faces.marking import fitted
from fercore.faces.photos import no_pictures, pictures
from fercore.faces.pixels import SIDE, Gray
from fercore.faces.workers import ExtractionTask, extracted
from fercore.faces.zip_directory import directory_bytes
from fercore.jobs.kinds import JobKind
from fercore.lanes import BATCH, Lane
from fercore.language import counts, tr, trn
from fercore.machine import cores
from fercore.progress import Progress
from fercore.services.datasets import detectors
from fercore.services.prediction import photos, visits
from fercore.services.prediction.photos import UnreadablePhoto
from fercore.services.prediction.visits import VisitJob
from fercore.store import Store

MOST_PHOTOS: Final = 1000
MOST_PHOTO_MB: Final = 50
MOST_FACES: Final = 20_000
MOST_BYTES: Final = 4 * 2**30  # of all photos, unpacked
MOST_DIRECTORY_BYTES: Final = 8 * 2**20  # some 100,000 files
MOST_SHOWN: Final = 1000  # faces whose pixels are kept to be shown
THUMBNAIL: Final = 96
_PROCESSES: Final = 4


class BatchJob(VisitJob):
    """The photos of a visitor that are read together."""


@dataclass(frozen=True)
class Batch:
    """Photos as `predict --json` prints them, a JPEG as base64 of each (or ""), the (N, 48, 48) pixels of the first
    faces in the same order, and the files that were left out, with the reason.
    """

    photos: Sequence[Mapping[str, Any]]
    thumbnails: Sequence[str]
    pixels: npt.NDArray[np.uint8]
    left_out: Sequence[Fault]


@dataclass
class _Reading:
    """A batch while it is read."""

    photos: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    thumbnails: dict[int, str] = field(default_factory=dict)
    pixels: list[Gray] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    faces: int = 0
    bytes: int = 0

    @property
    def is_full(self) -> bool:
        """True if more would take too long or too much memory."""
        return self.faces >= MOST_FACES or self.bytes >= MOST_BYTES


def taken(store: Store, token: str) -> Batch:
    """The result of a finished batch, which is deleted here; raises StoredDataError if it is gone."""
    result, pixels = visits.taken(store, token)
    left_out = [Fault(**each) for each in result["left_out"]]
    return Batch(result["photos"], result["thumbnails"], pixels, left_out)


def read(store: Store, request: BatchJob, progress: Progress) -> Batch:
    """Read what was handed in, which is deleted then; raises what loading the run's model raises."""
    reading = _Reading()
    with visits.files(store, request) as paths, ExitStack() as stack:
        progress(0, 0, tr("Loading the model"))
        predictor = photos.load(store, request.run, request.calibrated)
        listed = _listed(paths, reading, stack)
        detector = detectors.choice(store.settings).name
        processes = max(1, min(cores() - 1, _PROCESSES))
        found = extracted(_tasks(listed, reading), detector, store.settings.yunet, processes)
        for done, (task, outcome) in enumerate(found):
            progress(done, len(listed), tr("Reading photos"))
            name = listed[task.key].name
            if isinstance(outcome, UnreadableImageError):
                reading.photos[task.key] = photos.as_json(UnreadablePhoto(name, str(outcome)))
                continue
            reading.thumbnails[task.key] = _thumbnail(task.data, outcome)
            photo = photos.read(predictor, photos.of_extracted(name, outcome))
            reading.photos[task.key] = photos.as_json(photo)
            reading.faces += len(photo.faces)
            reading.pixels += [face.pixels for face in photo.faces][: MOST_SHOWN - len(reading.pixels)]
    order = sorted(reading.photos)
    pixels = np.stack(reading.pixels) if reading.pixels else np.empty((0, SIDE, SIDE), np.uint8)
    thumbnails = [reading.thumbnails.get(number, "") for number in order]
    return Batch([reading.photos[number] for number in order], thumbnails, pixels, reading.left_out)


def _listed(paths: Sequence[Path], reading: _Reading, stack: ExitStack) -> list[Listed]:
    """The photos among the files and in the zips; everything else is noted."""
    listed: list[Listed] = []
    for path in paths:
        try:
            listed += _in_zip(path, reading, stack) if _is_zip(path) else [loose_file(path, path.name)]
        except UnreadableSourceError as error:
            reading.left_out.append(Fault(path.name, str(error)))
    if len(listed) > MOST_PHOTOS:
        why = tr("At most {most} photos are read together.", most=f"{MOST_PHOTOS:,}")
        reading.left_out.append(Fault(listed[MOST_PHOTOS].name, why))
    return listed[:MOST_PHOTOS]


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return kind_of(file.read(HEAD)) is ZIP


def _in_zip(path: Path, reading: _Reading, stack: ExitStack) -> list[Listed]:
    if not is_archive(path):
        raise UnreadableSourceError(tr("The zip is broken or was cut off."))
    if directory_bytes(path) > MOST_DIRECTORY_BYTES:
        raise UnreadableSourceError(tr("The zip lists too many files. Make a smaller one of the photos."))
    files = stack.enter_context(files_in(path))
    there = pictures(files)
    names = {file.name for file in there}
    others = [file.name for file in files if file.name not in names]
    if not there:
        raise UnreadableSourceError(no_pictures(path.name, others, files.links))
    reading.left_out += [Fault(name, tr("It is not a picture.")) for name in others]
    reading.left_out += [Fault(name, tr("It is a link, which is not followed.")) for name in files.links]
    return there


def _tasks(listed: Sequence[Listed], reading: _Reading) -> Iterator[ExtractionTask[int]]:
    """The photos' bytes, until there are too many of them or of faces."""
    for number, photo in enumerate(listed):
        if reading.is_full:
            reading.left_out.append(
                Fault(photo.name, tr("Not read, and neither is what follows: the batch is too large."))
            )
            return
        try:
            data = photo.read(MOST_PHOTO_MB * 2**20)
        except UnreadableImageError as error:
            reading.photos[number] = photos.as_json(UnreadablePhoto(photo.name, str(error)))
            continue
        reading.bytes += len(data)
        yield ExtractionTask(number, data, Wanted(most=photos.MOST_FACES))


def _thumbnail(data: bytes, found: Extracted) -> str:
    scale = max(scale for scale in SCALES if scale == 1 or max(found.size) >= scale * THUMBNAIL)
    try:
        picture = fitted(decode(data, scale).colour, (THUMBNAIL, THUMBNAIL))
    except UnreadableImageError:
        return ""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=80)
    return base64.b64encode(file.getvalue()).decode()


def _run(store: Store, request: BatchJob, progress: Progress) -> dict[str, Any]:
    batch = read(store, request, progress)
    left_out = [{"where": fault.where, "why": fault.why} for fault in batch.left_out]
    result = {"photos": batch.photos, "thumbnails": batch.thumbnails, "left_out": left_out}
    visits.finish(store, request, result, batch.pixels)
    # What the database keeps names no file.
    return {"photos": len(batch.photos), "faces": sum(len(photo["faces"]) for photo in batch.photos)}


KIND: Final = JobKind(
    BATCH,
    Lane.VISIT,
    BatchJob,
    _run,
    title=lambda request: trn(
        "Read {count} file with run {run}", "Read {count} files with run {run}", request.files, run=request.run
    ),
    summary=lambda result: f"{counts.photos(result['photos'])} · {counts.faces(result['faces'])}",
)
