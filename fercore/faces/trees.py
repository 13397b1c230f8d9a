"""Everything below a folder, zips included, for sources that are downloaded as zips and half unpacked.

Lean and lazy: half a million pictures take about 250 MB, no file is opened before it is read, and of the
zips only a few are open at a time. What cannot be read is a fault and never stops the rest.
"""

import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from fercore.errors import Fault, UnreadableSourceError
from fercore.faces.archives import Archives
from fercore.faces.files import (
    MAX_FILES,
    Listed,
    decoded_name,
    is_litter,
    is_zip,
    loose_file,
    members,
    opened_zip,
    packed_file,
    stays_inside,
)

# What AI Hub's downloader and old zip programs leave: pieces that only together are a zip.
_PIECE: Final = re.compile(r"\.(zip\.part\d+|zip\.\d+|z\d\d)$", re.IGNORECASE)


class Folder(Protocol):
    """A folder on disk or in a zip, shared by the files that lie in it."""

    @property
    def name(self) -> str:
        """Its name relative to what was walked, a zip counting as a folder; "" for that itself."""
        ...

    def listed(self, name: str, base: str) -> Listed:
        """The file `base` of this folder as a `Listed` called `name`."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """One file: its folder, and its own name in NFC as stem and ending (".JPG")."""

    folder: Folder
    stem: str
    suffix: str

    @property
    def base(self) -> str:
        """The file's own name."""
        return self.stem + self.suffix

    @property
    def name(self) -> str:
        """The name relative to what was walked."""
        return f"{self.folder.name}/{self.base}" if self.folder.name else self.base

    @property
    def parents(self) -> tuple[str, ...]:
        """The folders above it, outermost first; a zip counts as one."""
        return tuple(self.folder.name.split("/")) if self.folder.name else ()

    def listed(self) -> Listed:
        """The file with its size, ready to be opened."""
        return self.folder.listed(self.name, self.base)


@dataclass(frozen=True)
class _OnDisk:
    name: str
    path: str
    # Real names that are neither NFC nor NFD: cp949 bytes of an old unzip.
    odd: dict[str, str] = field(default_factory=dict)

    def found(self, real: str) -> Found:
        base = decoded_name(os.fsencode(real))
        if real not in (base, unicodedata.normalize("NFD", base)):
            self.odd[base] = real
        return Found(self, *_split(base))

    def listed(self, name: str, base: str) -> Listed:
        composed = Path(self.path, self.odd.get(base, base))
        path = composed if composed.exists() else Path(self.path, unicodedata.normalize("NFD", base))
        return loose_file(path, name)


@dataclass(frozen=True)
class _InZip:
    name: str
    zip: Path
    inside: str
    archives: Archives

    def listed(self, name: str, base: str) -> Listed:
        member = f"{self.inside}/{base}" if self.inside else base
        opener = partial(self.archives.open, self.zip, member)
        try:
            return packed_file(self.zip, name, self.archives.info(self.zip, member), opener)
        except Exception:  # whoever opens it is told what is wrong
            return Listed(name, 0, opener)


@contextmanager
def everything_below(path: Path) -> Iterator[Iterator[Found | Fault]]:
    """The files of a folder and of the zips below it, of a zip, or one file; readable inside the context.

    Loose files come before those in zips, both in the order of their names. Raises
    `UnreadableSourceError`, when iterated, where there is nothing at `path` or far too much.
    """
    archives = Archives()
    try:
        yield _walk(path, archives)
    finally:
        archives.close()


def _walk(path: Path, archives: Archives) -> Iterator[Found | Fault]:
    if path.is_dir():
        yield from _bounded(_below_folder(path.resolve(), archives), path.name)
    elif is_zip(path):
        yield from _below_zip(path, "", archives)
    elif path.is_file():
        yield _OnDisk("", str(path.parent)).found(path.name)
    else:
        raise UnreadableSourceError(f"'{path}' does not exist.")


def _bounded(files: Iterator[Found | Fault], title: str) -> Iterator[Found | Fault]:
    for number, file in enumerate(files):
        if number == MAX_FILES:
            raise UnreadableSourceError(f"'{title}' holds more than {MAX_FILES:,} files.")
        yield file


def _below_folder(base: Path, archives: Archives) -> Iterator[Found | Fault]:
    zips: list[tuple[str, Path]] = []
    waiting = [_OnDisk("", str(base))]
    while waiting:
        folder = waiting.pop()
        try:
            entries = _entries(folder.path)
        except OSError as error:
            yield Fault(folder.name, f"This folder cannot be read: {error.strerror}.")
            continue
        for entry in entries:
            if not _is_inside(entry, base):
                continue
            found = folder.found(entry.name)
            if _PIECE.search(found.base):
                yield Fault(found.name, "This is a piece of a zip. Join the pieces to the whole zip first.")
            elif found.suffix.lower() == ".zip":
                zips.append((found.name, Path(entry.path)))
            else:
                yield found
        waiting += [_inner(folder, entry) for entry in reversed(entries) if entry.is_dir(follow_symlinks=False)]
    for name, path in sorted(zips):
        yield from _below_zip(path, name, archives)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as scan:
        return sorted((entry for entry in scan if not is_litter(entry.name)), key=lambda entry: entry.name)


def _is_inside(entry: os.DirEntry[str], base: Path) -> bool:
    """Whether an entry is a file; links that leave the folder, and links to folders, are not followed."""
    return stays_inside(Path(entry.path), base) if entry.is_symlink() else entry.is_file()


def _split(base: str) -> tuple[str, str]:
    """A file name's stem and ending; the few endings there are share their memory."""
    ending = PurePosixPath(base).suffix
    return base.removesuffix(ending), sys.intern(ending)


def _inner(folder: _OnDisk, entry: os.DirEntry[str]) -> _OnDisk:
    base = decoded_name(os.fsencode(entry.name))
    return _OnDisk(f"{folder.name}/{base}" if folder.name else base, entry.path)


def _below_zip(path: Path, name: str, archives: Archives) -> Iterator[Found | Fault]:
    """The files of one zip; where it lies below a folder (it has a name), a broken one is a fault."""
    folders: dict[str, _InZip] = {}
    try:
        with opened_zip(path) as archive:
            inside = [member for member, _ in members(archive, name or path.name)]
    except UnreadableSourceError as error:
        if not name:
            raise
        yield Fault(name, str(error))
        return
    for member in sorted(inside):
        above, _, base = member.rpartition("/")
        if above not in folders:
            folders[above] = _InZip("/".join(part for part in (name, above) if part), path, above, archives)
        found = Found(folders[above], *_split(base))
        if found.suffix.lower() == ".zip":
            yield Fault(found.name, "A zip inside a zip is not read. Unpack the outer one.")
        else:
            yield found
