"""The files of an AI Hub download: its JSON files, and its pictures by the names that records give them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from fercore.errors import Fault, UnreadableSourceError
from fercore.faces.photos import is_picture_found
from fercore.faces.trees import TreeFile, Walk
from fercore.language.sentences import sentence
from fercore.sources.aihub_records import key_of
from fercore.sources.record import Notice, OnProgress

EXPECTED: Final = (
    "Give the folder with AI Hub's downloads, in zips or unpacked: JSON files such as "
    "'img_emotion_training_data(기쁨).json', and the pictures that they name."
)
_TELL_EVERY: Final = 1000  # files


class Pictures:
    """Pictures by name, each handed out once; a name that comes again (unpacked, and in a zip) counts once."""

    def __init__(self) -> None:
        self.total = 0
        self.copies = 0
        self._waiting: dict[str, TreeFile] = {}
        self._named: set[str] = set()

    def add(self, picture: TreeFile) -> None:
        """One more picture."""
        if self._waiting.setdefault(picture.stem, picture) is picture:
            self.total += 1
        else:
            self.copies += 1

    def is_new(self, name: str) -> bool:
        """True if no record named this picture before; from now on one has."""
        before = len(self._named)
        self._named.add(key_of(name))
        return len(self._named) > before

    def take(self, name: str) -> TreeFile | None:
        """The picture of that name; None where there is none."""
        return self._waiting.pop(key_of(name), None)

    def left_over(self) -> Iterator[Notice]:
        """A notice for each picture that was not taken, and one for all copies."""
        for picture in self._waiting.values():
            folder = PurePosixPath(picture.folder.name).name or "."
            yield Notice(
                picture.base,
                sentence("No JSON record names this picture in '{folder}'; it was left out.", folder=folder),
            )
        if self.copies:
            yield Notice(
                "pictures",
                sentence(
                    "Left out as copies of others, unpacked or in another zip: {copies}.", copies=f"{self.copies:,}"
                ),
            )


@dataclass
class Download:
    """The pictures and records below a path."""

    pictures: Pictures = field(default_factory=Pictures)
    labels: list[TreeFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # names of files that are neither JSON nor pictures
    links: list[str] = field(default_factory=list)
    _known: set[tuple[str, int]] = field(default_factory=set)

    def add_labels(self, file: TreeFile) -> None:
        """One more JSON file, unless it is a copy: of the same name and size."""
        known = (file.base, file.listed().size)
        if known not in self._known:
            self._known.add(known)
            self.labels.append(file)


def download(files: Walk, title: str, on_progress: OnProgress | None) -> Download:
    """Sort files by what they are; raises `UnreadableSourceError` without any JSON or any picture."""
    listing = Download()
    for number, file in enumerate(files, start=1):
        if isinstance(file, Fault):
            listing.faults.append(file)
        elif file.suffix.lower() == ".json":
            listing.add_labels(file)
        elif is_picture_found(file):
            listing.pictures.add(file)
        else:
            listing.others.append(file.name)
        if on_progress and number % _TELL_EVERY == 0:
            on_progress(0, 0)
    listing.links = files.links
    missing = [what for what, some in (("JSON file", listing.labels), ("picture", listing.pictures.total)) if not some]
    if missing:
        also = f" ({listing.faults[0]})" if listing.faults else ""
        raise UnreadableSourceError(
            sentence(
                "'{title}' contains no {missing}{also}. {expected}",
                title=title,
                missing=" and no ".join(missing),
                also=also,
                expected=EXPECTED,
            )
        )
    return listing
