"""Cut the faces out of photos into a dataset; stopped at any moment, it goes on where it was."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from fercore.errors import Fault, UnreadableImageError
from fercore.faces.detection import Detector, detector
from fercore.faces.extraction import Extracted, Which, faces_of
from fercore.faces.files import Listed
from fercore.faces.photos import EmotionFrom, emotion_from, photos_in
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services import uploading
from fercore.services.names import checked_name
from fercore.store import Store, datasets, photos
from fercore.store import faces as face_table
from fercore.store.faces import NewFace
from fercore.store.tables import Photo

BATCH: Final = 16


@dataclass(frozen=True)
class ExtractRequest:
    """Which photos, into which dataset, and how; `copy` keeps the photos themselves in the data folder."""

    path: Path
    dataset: str
    detector: str = "haar"
    emotion_from: EmotionFrom = "none"
    which: Which = "all"
    split: str = "train"
    copy: bool = False
    title: str = ""


@dataclass
class ExtractReport:
    """What an extraction found; `faces` are all faces of these photos, `added` those new to the store."""

    dataset: str
    photos: int = 0
    faces: int = 0
    added: int = 0
    unreadable: list[dict[str, str]] = field(default_factory=list)
    without_face: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Cut:
    name: str
    data: bytes
    extracted: Extracted


def extract(store: Store, request: ExtractRequest, progress: Progress = silent) -> ExtractReport:
    """Extract every photo that is new; unreadable ones are listed and never stop the rest."""
    report = ExtractReport(checked_name(request.dataset))
    finder = detector(request.detector)
    with photos_in(request.path) as listed:
        with store.database.writing() as session:
            title = request.title or str(request.path)
            begun = datasets.begin_import(session, report.dataset, "photos", title)
            place = (begun.dataset_id, begun.id)
            before = photos.known(session, begun.dataset_id)
        cuts: list[_Cut] = []
        for number, photo in enumerate(listed):
            progress(number, len(listed), tr("Looking for faces in {name}", name=photo.name))
            cut = _cut(photo, before, finder, request.which, report)
            if cut is not None:
                cuts.append(cut)
            if len(cuts) == BATCH:
                _store(store, place, request, cuts, report)
                cuts = []
        _store(store, place, request, cuts, report)
    with store.database.writing() as session:
        datasets.finish_import(session, place[1])
    progress(len(listed), len(listed), "")
    return report


def keep_photo(store: Store, dataset: str, name: str, data: bytes, extracted: Extracted) -> int:
    """Put one photo whose faces were found already into a dataset, unlabelled; returns how many faces are new."""
    request = ExtractRequest(Path(name), checked_name(dataset), copy=True)
    report = ExtractReport(request.dataset)
    with store.database.writing() as session:
        begun = datasets.begin_import(session, request.dataset, "photos", name)
        place = (begun.dataset_id, begun.id)
        known = (name, extracted.sha256) in photos.known(session, begun.dataset_id)
    if not known:
        _store(store, place, request, [_Cut(name, data, extracted)], report)
    with store.database.writing() as session:
        datasets.finish_import(session, place[1])
    return report.added


def _cut(
    photo: Listed, before: dict[tuple[str, str], int], finder: Detector, which: Which, report: ExtractReport
) -> _Cut | None:
    """The faces of one photo, counted into the report; None when it is known or unreadable."""
    report.photos += 1
    try:
        data = photo.read()
        faces = before.get((photo.name, hashlib.sha256(data).hexdigest()))
        found = None if faces is not None else faces_of(data, finder, which)
    except UnreadableImageError as error:
        report.unreadable.append(asdict(Fault(photo.name, str(error))))
        return None
    count = faces if found is None else len(found.faces)
    report.faces += count or 0
    if not count:
        report.without_face.append(photo.name)
    return _Cut(photo.name, data, found) if found is not None else None


def _store(
    store: Store, place: tuple[int, int], request: ExtractRequest, cuts: Sequence[_Cut], report: ExtractReport
) -> None:
    """One short transaction for a batch of photos, so that reviewers can save in between."""
    dataset_id, import_id = place
    paths = [_kept(store, request, cut) for cut in cuts]
    with store.database.writing() as session:
        for cut, path in zip(cuts, paths, strict=True):
            width, height = cut.extracted.size
            photo = Photo(
                dataset_id=dataset_id,
                import_id=import_id,
                name=cut.name,
                sha256=cut.extracted.sha256,
                path=str(path),
                width=width,
                height=height,
                faces=len(cut.extracted.faces),
            )
            session.add(photo)
            session.flush()
            faces = _new_faces(cut, request, photo.id)
            report.added += face_table.add(session, dataset_id, import_id, faces)


def _kept(store: Store, request: ExtractRequest, cut: _Cut) -> Path:
    """Where the photo itself is: a copy, named relative to the data folder, or its place on this server."""
    if request.copy or not request.path.is_dir():
        copy = photos.keep_copy(store.photos, cut.extracted.sha256, cut.data)
        return copy.relative_to(store.settings.data_dir)
    return request.path.resolve() / cut.name


def _new_faces(cut: _Cut, request: ExtractRequest, photo_id: int) -> list[NewFace]:
    word, emotion = emotion_from(cut.name, request.emotion_from)
    return [
        NewFace(
            identity=f"{cut.name}#{cut.extracted.sha256[:16]}#{','.join(map(str, face.box))}",
            split=request.split,
            emotion=emotion,
            word=word,
            pixel_hash=face.pixel_hash,
            gray=face.pixels,
            photo_id=photo_id,
            box=face.box,
            detector=request.detector,
            score=face.score,
            context=face.context_jpeg,
        )
        for face in cut.extracted.faces
    ]


def work(store: Store, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The job `extract`."""
    request = ExtractRequest(**{**arguments, "path": Path(arguments["path"])})
    report = extract(store, request, progress)
    uploading.clear(store, request.path)
    return asdict(report)
