"""AI Hub's composite images for Korean emotion recognition, the source of KFE, as they are downloaded.

JSON files and pictures are found by their names anywhere below a folder or in the zips below it, and
joined by the picture's name, so that any mixture of zips and unpacked folders will do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fercore.errors import Fault, InputError, UnreadableSourceError
from fercore.faces.boxes import FaceSelection
from fercore.faces.trees import TreeFile, everything_below
from fercore.language.sentences import sentence
from fercore.sources.aihub_pictures import EXPECTED, Download, download
from fercore.sources.aihub_records import AihubLabel, BadRecordError, label_of, picture_of
from fercore.sources.emotion_map import WordMap, word_map
from fercore.sources.json_arrays import elements
from fercore.sources.leftovers import leftovers
from fercore.sources.record import AS_IT_IS, Item, Notice, OnProgress, Options, PhotoRecord
from fercore.sources.splits import by_person, named_in, split_names
from fercore.splits import Split, SplitChoice


def read(path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None) -> Iterator[Item]:
    """Every picture that a record names, JSON file by JSON file.

    Records and pictures without each other are notices; bad records and files are faults. People are split
    80 : 10 : 10 unless `options.split` says otherwise. Raises `UnreadableSourceError` where nothing can be
    used.
    """
    with everything_below(path) as files:
        listing = download(files, path.resolve().name, on_progress)
        yield from _Reading(path, options, listing).items(on_progress)


@dataclass(frozen=True, slots=True)
class _Match:
    picture: TreeFile
    label: AihubLabel


class _Reading:
    """One pass over the JSON files of a download."""

    def __init__(self, path: Path, options: Options, listing: Download) -> None:
        self._title = path.resolve().name
        self._above = split_names(path)
        self._options = options
        self._words: WordMap = options.words or word_map()
        self._listing = listing
        self._records = self._repeated = 0
        self._first = ""  # what was wrong with the first file that could not be read

    def items(self, on_progress: OnProgress | None) -> Iterator[Item]:
        yield from self._listing.faults
        yield from leftovers(self._title, self._listing.others, self._listing.links)
        done, total = 0, self._listing.pictures.total
        for file in self._listing.labels:
            matches: list[_Match] = []
            yield from self._joined(file, matches)
            # Pictures of one folder or zip come together, so that a zip is opened once.
            for match in sorted(matches, key=lambda match: match.picture.name):
                done += 1
                yield self._photo(match, file)
                if on_progress:
                    on_progress(done, total)
        if not done:
            raise UnreadableSourceError(
                sentence(
                    "Nothing in '{title}' can be used: no usable record names a picture that is "
                    "there (JSON files: {labels}, records: {records}, pictures: {total}). {expected}",
                    title=self._title,
                    labels=f"{len(self._listing.labels):,}",
                    records=f"{self._records:,}",
                    total=f"{total:,}",
                    expected=self._first or EXPECTED,
                )
            )
        yield from self._listing.pictures.left_over()
        if self._repeated:
            yield Notice(
                "records",
                sentence("Left out, as their pictures were named before: {repeated}.", repeated=f"{self._repeated:,}"),
            )
        if on_progress:
            on_progress(total, total)

    def _joined(self, file: TreeFile, matches: list[_Match]) -> Iterator[Fault | Notice]:
        """Put the records whose picture is there into `matches`, and tell of all others."""
        try:
            for number, record in enumerate(elements(file.listed()), start=1):
                self._records += 1
                try:
                    match = self._match(record)
                except BadRecordError as error:
                    self._first = self._first or f"{file.name}, record {number}: {error}."
                    yield Fault(f"{file.name}, record {number}", f"{error}.")
                    continue
                if isinstance(match, _Match):
                    matches.append(match)
                elif match:
                    why = f"This picture, named in record {number} of '{file.base}', is not there; it was left out."
                    yield Notice(match, why)
        except InputError as error:
            self._first = self._first or f"{file.name}: {error}"
            yield Fault(file.name, str(error))
        dropped = sum(match.label.dropped for match in matches)
        if dropped:
            yield Notice(
                file.name,
                sentence("Annotators' boxes left out, being empty or without area: {dropped}.", dropped=f"{dropped:,}"),
            )

    def _match(self, record: object) -> _Match | str | None:
        """A record with its picture, the name of a picture that is not there, or None for a repeated one."""
        name = picture_of(record)
        if not self._listing.pictures.is_new(name):
            self._repeated += 1
            return None
        picture = self._listing.pictures.take(name)
        label = label_of(record, self._words)
        return name if picture is None else _Match(picture, label)

    def _photo(self, match: _Match, file: TreeFile) -> PhotoRecord:
        return PhotoRecord(
            identity=match.picture.base,
            file=match.picture.listed(),
            split=self._split(match, file),
            emotion=match.label.emotion,
            word=match.label.word,
            about=match.label.about,
            boxes=match.label.boxes,
            which=FaceSelection.LARGEST,
        )

    def _split(self, match: _Match, file: TreeFile) -> Split:
        if self._options.split in (None, SplitChoice.SUBJECT):
            return by_person(match.label.about.subject or "", self._options.seed)
        if self._options.split == SplitChoice.SOURCE:
            named = named_in([*file.parents, file.stem]) or named_in(match.picture.parents)
            return named or named_in(self._above) or Split.TRAIN
        return self._options.split_or(Split.TRAIN)
