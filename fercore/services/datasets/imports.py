"""Import a source into a dataset: read all of it, refuse or skip what is bad, then store the rest."""

import pickle
import tempfile
from collections.abc import Generator
from dataclasses import asdict, dataclass, field
from typing import IO, Any, Final

from pydantic.dataclasses import dataclass as request

from fercore.errors import BadRowsError, Fault, UnreadableSourceError
from fercore.faces.detection import AUTO
from fercore.faces.names import readable_path
from fercore.jobs.kinds import STRICT, FilePath, JobKind
from fercore.lanes import Lane
from fercore.language import tr, trn
from fercore.progress import Progress, silent
from fercore.services.datasets import (
    aihub_labels,
    detectors,
    extraction,
    face_writer,
    import_problems,
    releases,
    uploads,
)
from fercore.services.datasets.crop_writer import CropRequest, CropWriter
from fercore.services.datasets.import_problems import ListedReport, ProblemLog
from fercore.services.datasets.shard import WHOLE, Shard
from fercore.services.naming import checked_name
from fercore.sources.emotion_map import WordMap, word_map
from fercore.sources.record import FaceRecord, Item, NeutralFrames, Notice, OnProgress, Options, PhotoRecord
from fercore.splits import SplitChoice
from fercore.store import Store
from fercore.store.datasets import datasets, summaries

BATCH: Final = 1000
# Beyond it, a file is something else than its name says, and a list of what is wrong with it only fills memory.
MAX_FAULTS: Final = 100_000


@request(frozen=True, config=STRICT)
class ImportRequest:
    """A request to import; `detect` asks the detector even where annotators drew boxes, `words` is
    a word map of one's own for AI Hub."""

    source: str
    path: FilePath
    dataset: str
    skip_bad: bool = False
    split: SplitChoice | None = None
    title: str = ""
    seed: int = 0
    neutral: NeutralFrames = NeutralFrames.ALL
    detector: str = AUTO
    detect: bool = False
    copy: bool = False
    words: FilePath | None = None
    shard: Shard = WHOLE

    @property
    def name(self) -> str:
        """Its name for people."""
        return self.title or readable_path(self.path.name)


@dataclass
class ImportReport(ListedReport):
    """The result of an import; the photos' numbers stay 0 where a source has faces only.

    `release` holds the dataset against the release that it claims to be by its source or name.
    """

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    words_version: int | None = None
    release: dict[str, Any] | None = None


@dataclass
class Reading:
    """The result of a first look at a source; faces wait in a file, photos are only counted.

    `faults` are listed in full only where they stop the import, the report lists them otherwise.
    """

    request: ImportRequest
    spool: IO[bytes]
    report: ImportReport
    faces: int = 0
    photos: int = 0
    faults: list[Fault] = field(default_factory=list)
    bad: int = 0
    batch: list[FaceRecord] = field(default_factory=list)

    def take(self, item: Item) -> None:
        """Sort one item of a reader in."""
        if isinstance(item, Fault):
            self._refuse(item)
        elif isinstance(item, Notice):
            self.report.notices.append(item.entry())
        elif self.request.shard.has(item.identity):
            self._keep(item)

    def _refuse(self, fault: Fault) -> None:
        self.bad += 1
        if self.request.skip_bad:
            self.report.skipped.append(asdict(fault))
        else:
            self.faults.append(fault)
        if self.bad > MAX_FAULTS:
            first = self.report.skipped[0] if self.request.skip_bad else asdict(self.faults[0])
            raise UnreadableSourceError(_hopeless(self.request, Fault(**first)))

    def _keep(self, record: FaceRecord | PhotoRecord) -> None:
        if isinstance(record, PhotoRecord):
            self.photos += 1
            return
        self.faces += 1
        self.batch.append(record)
        if len(self.batch) == BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the last faces to the file, too."""
        if self.batch:
            pickle.dump(self.batch, self.spool, pickle.HIGHEST_PROTOCOL)
            self.batch = []


def import_source(store: Store, request: ImportRequest, progress: Progress = silent) -> ImportReport:
    """Import a source; raises BadRowsError (nothing is stored) unless bad rows are to be skipped."""
    report = ImportReport(dataset=checked_name(request.dataset))
    with tempfile.TemporaryFile() as spool, import_problems.listing(store, report) as book:
        reading = _read(store, request, Reading(request, spool, report), progress)
        if reading.faults:
            raise BadRowsError(reading.faults)
        words = _words(store, request)
        report.words_version = words.version if words else None
        _write(store, reading, book, progress)
    with store.database.reading() as session:
        report.counts = next((s.counts for s in summaries.summaries(session) if s.name == report.dataset), {})
    report.release = _release(store, request, report)
    return report


def _release(store: Store, request: ImportRequest, report: ImportReport) -> dict[str, Any] | None:
    """The dataset beside the release that it claims to be; None while parts of it are still to come, or of none."""
    if not report.counts or request.shard.count > 1:
        return None
    found = releases.claim(store, report.dataset, request.source, request.name)
    return None if found is None else releases.as_json(found)


def items(store: Store, request: ImportRequest, on_progress: OnProgress | None = None) -> Generator[Item]:
    """The records of the request's reader."""
    from fercore.sources.readers import reader

    options = Options(request.split, request.seed, request.neutral, _words(store, request), request.skip_bad)
    yield from reader(request.source)(request.path, options, on_progress)


def _words(store: Store, request: ImportRequest) -> WordMap | None:
    """The map of AI Hub's words: the request's, the installation's own in the data folder, or the shipped one."""
    if request.source != "aihub":
        return None
    return word_map(request.words) if request.words else aihub_labels.current(store)


def _read(store: Store, request: ImportRequest, reading: Reading, progress: Progress) -> Reading:
    """Parse the whole source, faces into a temporary file, so that a bad row at its end costs nothing."""

    def show_progress(done: int, total: int) -> None:
        progress(done // 2, total, tr("Reading {name}", name=request.name))

    for item in items(store, request, show_progress):
        reading.take(item)
    reading.flush()
    return reading


def _hopeless(request: ImportRequest, first: Fault) -> str:
    return tr(
        "'{name}' has over {count} bad rows and nothing was imported; the first is {first}. Is it the right file?",
        name=request.name,
        count=f"{MAX_FAULTS:,}",
        first=first,
    )


def _write(store: Store, reading: Reading, book: ProblemLog, progress: Progress) -> None:
    """Store in short transactions, so that reviewers can save in between."""
    request, report = reading.request, reading.report
    title = request.title or readable_path(request.path)
    place = extraction.begin(store, report.dataset, title, request.shard, request.source)
    book.name(place.import_id)
    with store.database.writing() as session:
        datasets.note_skipped(session, place.import_id, import_problems.close(report, book))
    if reading.faces:
        face_writer.write(store, place, reading.spool, report, progress)
    if reading.photos:
        found = detectors.choice(store.settings, request.detector)
        if found.problem:
            report.notices.append(Notice("FERCORE_YUNET", found.problem).entry())
        how = CropRequest(found.name, not request.detect, request.copy, request.shard)
        records = (item for item in items(store, request) if isinstance(item, PhotoRecord))
        CropWriter(store, place, how, report).run(records, reading.photos, progress)
    extraction.finish(store, place, import_problems.close(report, book))


def _summary(result: dict[str, Any]) -> str:
    skipped = import_problems.total(result, "skipped")
    added = trn("{count} face added", "{count} faces added", result["added"])
    line = f"{added}, {trn('{count} row skipped', '{count} rows skipped', skipped)}."
    release = result.get("release")
    return line if release is None else " ".join([line, *releases.sentences(releases.from_json(release))])


def _run(store: Store, request: ImportRequest, progress: Progress) -> dict[str, Any]:
    report = import_source(store, request, progress)
    uploads.clear(store, request.path)
    return asdict(report)


KIND: Final = JobKind(
    "import",
    Lane.DISK,
    ImportRequest,
    _run,
    title=lambda request: tr("Import {title}", title=request.name),
    summary=_summary,
    repeatable=True,
)
