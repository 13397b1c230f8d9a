"""Cut the faces out of photos into a dataset; stopped at any moment, it goes on where it was."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from pydantic.dataclasses import dataclass as request

from fercore.errors import UnreadableSourceError
from fercore.faces.attributes import PersonInfo
from fercore.faces.boxes import FaceSelection
from fercore.faces.detection import AUTO
from fercore.faces.extraction import Extracted
from fercore.faces.files import Listed
from fercore.faces.names import given_name, readable_path
from fercore.faces.photos import EmotionFrom, emotion_from, is_photo, photos_in
from fercore.jobs.kinds import STRICT, FilePath, JobKind
from fercore.lanes import Lane
from fercore.language import counts, tr, trn
from fercore.progress import Progress, silent
from fercore.services.datasets import crop_writer, detectors, import_problems, uploads
from fercore.services.datasets.crop_writer import CropRequest, CropResult, CropTarget
from fercore.services.datasets.import_problems import ListedReport
from fercore.services.datasets.shard import WHOLE, Shard
from fercore.services.naming import checked_name
from fercore.services.review import sort_order_preparation
from fercore.sources.leftovers import leftovers
from fercore.sources.record import Notice, PhotoRecord
from fercore.splits import Split
from fercore.store import Store
from fercore.store.datasets import datasets


@request(frozen=True, config=STRICT)
class ExtractRequest:
    """Which photos, into which dataset, and how; `copy` keeps the photos themselves in the data folder."""

    path: FilePath
    dataset: str
    detector: str = AUTO
    emotion_from: EmotionFrom = EmotionFrom.NONE
    which: FaceSelection = FaceSelection.ALL
    split: Split = Split.TRAIN
    copy: bool = False
    title: str = ""
    shard: Shard = WHOLE

    @property
    def name(self) -> str:
        """Its name for people."""
        return self.title or readable_path(self.path.name)


@dataclass
class ExtractReport(ListedReport):
    """The result of an extraction."""


def extract(store: Store, request: ExtractRequest, progress: Progress = silent) -> ExtractReport:
    """Extract every photo that is new; unreadable ones are listed and never stop the rest."""
    report = ExtractReport(dataset=checked_name(request.dataset))
    found = detectors.choice(store.settings, request.detector)
    how = CropRequest(found.name, copy=request.copy, shard=request.shard)
    with photos_in(request.path) as listed, import_problems.listing(store, report) as book:
        progress(0, len(listed), tr("Looking for faces"))
        for notice in leftovers(request.name, listed.others, listed.links):
            report.notices.append(notice.entry())
        if found.problem:
            report.notices.append(Notice("FERCORE_YUNET", found.problem).entry())
        place = begin(store, report.dataset, request.title or readable_path(request.path), request.shard)
        book.name(place.import_id)
        total = sum(request.shard.has(photo.name) for photo in listed)
        crop_writer.CropWriter(store, place, how, report).run(records(listed, request), total, progress)
        if report.photos and report.total("unreadable") == report.photos:
            _refuse(store, place, report)
        finish(store, place, import_problems.close(report, book))
    progress(report.photos, report.photos, "")
    return report


def _refuse(store: Store, place: CropTarget, report: ExtractReport) -> None:
    """Leave no trace of photos of which none could be read; raises UnreadableSourceError with the first reason."""
    from fercore.services.datasets import catalogue as services  # it reads photos, too

    services.undo_import(store, place.import_id)
    first = report.unreadable[0]
    raise UnreadableSourceError(
        trn(
            "The photo could not be read. {where}: {why}",
            "None of the {count} photos could be read. {where}: {why}",
            report.photos,
            where=first["where"],
            why=first["why"],
        )
    )


def begin(store: Store, dataset: str, title: str, shard: Shard = WHOLE, source: str = "photos") -> CropTarget:
    """An import into a dataset, or the unfinished one of the same title; each shard is an import of its own."""
    part = "" if shard == WHOLE else f" ({shard})"
    with store.database.writing() as session:
        begun = datasets.begin_import(session, dataset, source, title + part)
        return CropTarget(begun.dataset_id, begun.id)


def finish(store: Store, place: CropTarget, unused: list[dict[str, str]]) -> None:
    """Close an import, with what it could not use; a big dataset's orders are then worked out, in a job."""
    with store.database.writing() as session:
        datasets.note_skipped(session, place.import_id, unused)
        datasets.finish_import(session, place.import_id)
    sort_order_preparation.ask(store, place.dataset_id)


def records(listed: Iterable[Listed], request: ExtractRequest) -> Iterator[PhotoRecord]:
    """Each photo with the emotion that its name or folder may carry; for one photo alone, the folder that it is in."""
    root = given_name(request.path.absolute().parent if is_photo(request.path) else request.path)
    for photo in listed:
        word, emotion = emotion_from(photo.name, request.emotion_from, root)
        yield PhotoRecord(photo.name, photo, request.split, emotion, word, which=request.which)


def keep_photos(
    store: Store, dataset: str, source: str, photos: Iterable[tuple[str, bytes, Extracted]], subject: str
) -> int:
    """Put photos (name, bytes, and the faces that were found in them) of a subject into a dataset, unlabelled.

    `source` is what the import is called. Returns how many faces are new.
    """
    place = begin(store, checked_name(dataset), source)
    added = 0
    for name, data, extracted in photos:
        record = PhotoRecord(name, Listed(name, len(data), _unopened), Split.TRAIN, None, "", PersonInfo(subject))
        path = crop_writer.stored_file(store, record, data, extracted, copy=True)
        added += crop_writer.store_cuts(store, place, [CropResult(record, path, extracted)])
    finish(store, place, [])
    return added


def _unopened() -> Any:
    raise OSError("its bytes are here already")


def _summary(result: dict[str, Any]) -> str:
    rest = tr(
        "{unreadable} unreadable, {without} without a face.",
        unreadable=import_problems.total(result, "unreadable"),
        without=import_problems.total(result, "without_face"),
    )
    return f"{counts.faces(result['faces'])} · {counts.photos(result['photos'])} · {rest}"


def _run(store: Store, request: ExtractRequest, progress: Progress) -> dict[str, Any]:
    report = extract(store, request, progress)
    uploads.clear(store, request.path)
    return asdict(report)


KIND: Final = JobKind(
    "extract",
    Lane.DISK,
    ExtractRequest,
    _run,
    title=lambda request: tr("Extract faces from {title}", title=request.name),
    summary=_summary,
    repeatable=True,
)
