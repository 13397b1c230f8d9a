"""Contents of a source, looked at before anything is written."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from fercore.emotions import EMOTIONS
from fercore.errors import Fault, UnreadableImageError
from fercore.faces.extraction import Extractor, Wanted, extractor
from fercore.faces.photos import photos_in
from fercore.services.datasets import detectors
from fercore.services.datasets.extraction import ExtractRequest, records
from fercore.services.datasets.imports import ImportRequest, items
from fercore.sources.record import FaceRecord, Item, Notice, PhotoRecord
from fercore.store import Store

SECONDS: Final = 6.0
EXAMPLES: Final = 3  # of each word
MOST_EXAMPLES: Final = 24
MOST_LISTED: Final = 200


@dataclass(frozen=True)
class Example:
    """A face as it would be stored: the source's word, the emotion it is mapped to, 2,304 gray bytes."""

    word: str
    emotion: int | None
    gray: bytes


@dataclass
class Preview:
    """The result of a few seconds' look; `complete` when that was all of the source, `listing` when its files
    were still being listed. `problems` counts all faults and notices, `listed` has the first ones."""

    faces: int = 0
    photos: int = 0
    complete: bool = False
    listing: bool = False
    problems: int = 0
    words: Counter[tuple[str, int | None]] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    listed: list[Fault | Notice] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)

    @property
    def table(self) -> list[tuple[str, str | None, int]]:
        """(word, emotion's name or None, how many), the most frequent first."""
        return [
            (word, None if emotion is None else EMOTIONS[emotion], number)
            for (word, emotion), number in self.words.most_common()
        ]

    def note(self, problem: Fault | Notice) -> None:
        """Count a problem, and list it while there is room."""
        self.problems += 1
        if len(self.listed) < MOST_LISTED:
            self.listed.append(problem)


class _TimeIsUp(Exception):
    """Ends a reader that is still listing files."""


def preview_import(store: Store, request: ImportRequest, seconds: float = SECONDS) -> Preview:
    """Look at a source through its reader; raises what the reader raises for a wrong form."""
    worker, deadline = _extractor(store, request.detector), time.monotonic() + seconds

    def show_progress(done: int, total: int) -> None:
        if time.monotonic() > deadline:
            raise _TimeIsUp

    with closing(items(store, request, show_progress)) as stream:
        return _look(stream, worker, deadline)


def preview_photos(store: Store, request: ExtractRequest, seconds: float = SECONDS) -> Preview:
    """Look at photos: how many, which words, and the faces of the first ones."""
    with photos_in(request.path) as listed:
        worker = _extractor(store, request.detector)
        return _look(records(listed, request), worker, time.monotonic() + seconds)


def _extractor(store: Store, wanted: str) -> Extractor:
    """The one that a job would use."""
    return extractor(detectors.choice(store.settings, wanted).name, store.settings.yunet)


def _look(stream: Iterator[Item], worker: Extractor, deadline: float) -> Preview:
    preview, shown = Preview(), Counter[str]()
    for number in count():
        try:
            item = next(stream, None)
        except _TimeIsUp:
            preview.listing = number == 0
            break
        if item is None:
            preview.complete = True
            break
        _take(item, preview, shown, worker)
        if number % 20 == 0 and time.monotonic() > deadline:
            break
    return preview


def _take(item: Item, preview: Preview, shown: Counter[str], worker: Extractor) -> None:
    if isinstance(item, Fault | Notice):
        preview.faults += isinstance(item, Fault)
        preview.note(item)
        return
    preview.photos += isinstance(item, PhotoRecord)
    preview.faces += isinstance(item, FaceRecord)
    preview.words[item.word, item.emotion] += 1
    preview.splits[item.split] += 1
    if shown[item.word] < EXAMPLES and len(preview.examples) < MOST_EXAMPLES:
        shown[item.word] += 1
        _exemplify(item, preview, worker)


def _exemplify(item: FaceRecord | PhotoRecord, preview: Preview, worker: Extractor) -> None:
    if isinstance(item, FaceRecord):
        preview.examples.append(Example(item.word, item.emotion, item.pixels.tobytes()))
        return
    try:
        faces = worker.extract(item.file.read(), Wanted(item.which, item.boxes, item.fallback)).faces
    except UnreadableImageError as error:
        preview.note(Fault(item.identity, str(error)))
        return
    preview.examples += [Example(item.word, item.emotion, face.pixels.tobytes()) for face in faces[:EXAMPLES]]
