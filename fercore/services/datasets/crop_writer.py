"""Cut faces out of photo records into a dataset, on every core; stopped at any moment, it goes on where it was."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from fercore.errors import Fault, UnreadableImageError
from fercore.faces.extraction import Extracted, ExtractedFace, Wanted, extractor
from fercore.faces.workers import ExtractionTask, Outcome, extracted, extracted_here
from fercore.language import tr
from fercore.machine import cores
from fercore.progress import Progress
from fercore.services.datasets.import_problems import CutReport
from fercore.services.datasets.shard import WHOLE, Shard
from fercore.sources.record import PhotoRecord
from fercore.store import Store
from fercore.store.datasets import faces as face_table
from fercore.store.datasets import photos
from fercore.store.datasets.faces import NewFace

BATCH: Final = 32
# Below it, starting processes takes longer than the work.
WORTH_PROCESSES: Final = 24


@dataclass(frozen=True)
class CropRequest:
    """Settings of cropping: the detector, annotators' boxes or not, photos copied or not, the number of cores."""

    detector: str = "haar"
    use_boxes: bool = True
    copy: bool = False
    shard: Shard = WHOLE
    processes: int = 0  # 0: every core


@dataclass(frozen=True)
class CropTarget:
    """The destination of new faces."""

    dataset_id: int
    import_id: int


@dataclass(frozen=True, slots=True)
class CropResult:
    """A photo with what was found in it, and where the photo itself is."""

    record: PhotoRecord
    path: str
    extracted: Extracted


@dataclass(frozen=True)
class CropWriter:
    """Cuts into one place of the store; `report` fills while it works."""

    store: Store
    place: CropTarget
    how: CropRequest
    report: CutReport

    def run(self, records: Iterable[PhotoRecord], total: int, progress: Progress) -> None:
        """Cut every photo of this shard that is new; unreadable ones are listed and never stop the rest."""
        with self.store.database.reading() as session:
            known = photos.known(session, self.place.dataset_id)
        mine = (record for record in records if self.how.shard.has(record.identity))
        pace = _Progress(total, progress)
        batch: list[CropResult] = []
        for task, outcome in self._outcomes(_tasks(mine, known, self.how, self.report), total):
            pace.tell(self.report.photos)
            if isinstance(outcome, UnreadableImageError):
                self.report.unreadable.append(asdict(Fault(task.key.identity, str(outcome))))
                continue
            _count(task.key, outcome, self.report)
            batch.append(
                CropResult(task.key, stored_file(self.store, task.key, task.data, outcome, self.how.copy), outcome)
            )
            if len(batch) == BATCH:
                self._store(batch)
                batch = []
        self._store(batch)

    def _outcomes(
        self, tasks: Iterator[ExtractionTask[PhotoRecord]], total: int
    ) -> Iterator[tuple[ExtractionTask[PhotoRecord], Outcome]]:
        processes, yunet = self.how.processes or cores(), self.store.settings.yunet
        worker = extractor(self.how.detector, yunet)  # refuses what cannot work before a process starts
        if processes == 1 or total < WORTH_PROCESSES:
            return extracted_here(tasks, worker)
        return extracted(tasks, self.how.detector, yunet, processes)

    def _store(self, cuts: Sequence[CropResult]) -> None:
        if cuts:
            self.report.added += store_cuts(self.store, self.place, cuts)


def _tasks(
    records: Iterable[PhotoRecord], known: dict[str, list[photos.KnownPhoto]], how: CropRequest, report: CutReport
) -> Iterator[ExtractionTask[PhotoRecord]]:
    """The photos that must be looked at; known ones are counted, by their stamp without being read."""
    for record in records:
        report.photos += 1
        earlier = known.get(record.identity, [])
        same = next((known for known in earlier if known.stamp and known.stamp == record.file.stamp), None)
        try:
            data = b"" if same else record.file.read()
        except UnreadableImageError as error:
            report.unreadable.append(asdict(Fault(record.identity, str(error))))
            continue
        if earlier and not same:
            digest = hashlib.sha256(data).hexdigest()
            same = next((known for known in earlier if known.sha256 == digest), None)
            if same is None:
                report.changed.append(record.identity)
        if same:
            _count_faces(record, same.faces, report)
            continue
        boxes = record.boxes if how.use_boxes else ()
        yield ExtractionTask(record, data, Wanted(record.which, boxes, record.fallback))


def _count(record: PhotoRecord, extracted: Extracted, report: CutReport) -> None:
    report.doubtful += sum(face.checks.doubtful for face in extracted.faces)
    _count_faces(record, len(extracted.faces), report)


def _count_faces(record: PhotoRecord, faces: int, report: CutReport) -> None:
    report.faces += faces
    report.unlabelled += faces if record.emotion is None else 0
    if not faces:
        report.without_face.append(record.identity)


def store_cuts(store: Store, place: CropTarget, cuts: Sequence[CropResult]) -> int:
    """One short transaction for a batch of photos, so that reviewers can save in between; returns new faces.

    A photo that is there already, from a second file of the same name and content or from another process,
    is left out.
    """
    with store.database.writing() as session:
        numbers = photos.add(session, [_photo(place, cut) for cut in cuts])
        new: list[NewFace] = []
        for cut in cuts:
            photo_id = numbers.pop((cut.record.identity, cut.extracted.sha256), None)
            if photo_id is not None:
                new += [_new_face(cut, face, photo_id) for face in cut.extracted.faces]
        return len(face_table.add(session, place.dataset_id, place.import_id, new))


def _photo(place: CropTarget, cut: CropResult) -> dict[str, Any]:
    width, height = cut.extracted.size
    return {
        "dataset_id": place.dataset_id,
        "import_id": place.import_id,
        "name": cut.record.identity,
        "sha256": cut.extracted.sha256,
        "stamp": cut.record.file.stamp,
        "subject": cut.record.about.subject,
        "path": cut.path,
        "width": width,
        "height": height,
        "faces": len(cut.extracted.faces),
    }


def stored_file(store: Store, record: PhotoRecord, data: bytes, extracted: Extracted, copy: bool) -> str:
    """The place of the photo itself: a copy, named relative to the data folder, or its place on this server."""
    if not copy:
        return record.file.place
    path = photos.keep_copy(store.photos, extracted.sha256, data)
    return path.relative_to(store.settings.data_dir).as_posix()


def _new_face(cut: CropResult, face: ExtractedFace, photo_id: int) -> NewFace:
    record = cut.record
    return NewFace(
        identity=identity(record.identity, cut.extracted.sha256, face),
        split=record.split,
        emotion=record.emotion,
        word=record.word,
        photo_id=photo_id,
        **vars(record.about),
        **seen(face),
    )


def identity(name: str, sha256: str, face: ExtractedFace) -> str:
    """The name of a face of a photo: the photo's own, its content and the box."""
    return f"{name}#{sha256[:16]}#{','.join(map(str, face.box))}"


def seen(face: ExtractedFace) -> dict[str, Any]:
    """Attributes that a `NewFace` takes over from what was found in a photo."""
    return {
        "pixel_hash": face.pixel_hash,
        "gray": face.pixels,
        "box": face.box,
        "detector": face.source,
        "score": face.score,
        "context": face.context_jpeg,
        **asdict(face.checks),
    }


class _Progress:
    """Tells how far the work is, how fast it goes and how long it will take."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total, self._progress = total, progress
        self._started = time.monotonic()
        self._first: int | None = None

    def tell(self, done: int) -> None:
        self._first = done - 1 if self._first is None else self._first
        seconds = time.monotonic() - self._started
        rate = (done - self._first) / max(seconds, 0.1)
        self._progress(done, max(self._total, done), pace_message(rate, max(0, self._total - done)))


def pace_message(rate: float, left: int) -> str:
    """Speed and remaining time, in words."""
    minutes, seconds = divmod(round(left / rate) if rate > 0 else 0, 60)
    hours, minutes = divmod(minutes, 60)
    return tr(
        "{rate} photos/s, {time} left",
        rate=f"{rate:.1f}",
        time=f"{hours}:{minutes:02}:{seconds:02}",
    )
