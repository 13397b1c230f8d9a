"""Everything below a folder, archives included, for sources that are downloaded as zips and half unpacked.

Lean and lazy: half a million pictures take about 250 MB, no file is opened before it is read, and of the
archives only a few are open at a time. What cannot be read is a fault and never stops the rest.
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
from fercore.faces.contents import BROKEN, is_archive
from fercore.faces.files import MAX_FILES, Listed, loose_file, packed_file, stays_inside
from fercore.faces.names import decoded_name, is_litter
from fercore.faces.tarballs import is_tar
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason

# What AI Hub's downloader and old zip programs leave: pieces that only together are a zip.
_ARCHIVES: Final = (".zip", ".tar", ".tgz")
_PIECE: Final = re.compile(r"\.(zip\.part\d+|zip\.\d+|z\d\d)$", re.IGNORECASE)


class Folder(Protocol):
    """A folder on disk or in an archive, shared by the files that lie in it."""

    @property
    def name(self) -> str:
        """Its name relative to what was walked, an archive counting as a folder; "" for that itself."""
        ...

    def listed(self, name: str, base: str) -> Listed:
        """The file `base` of this folder as a `Listed` called `name`."""
        ...


@dataclass(frozen=True, slots=True)
class TreeFile:
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

    def file_at(self, real: str) -> TreeFile:
        base = decoded_name(os.fsencode(real))
        if real not in (base, unicodedata.normalize("NFD", base)):
            self.odd[base] = real
        return TreeFile(self, *_split(base))

    def listed(self, name: str, base: str) -> Listed:
        composed = Path(self.path, self.odd.get(base, base))
        path = composed if composed.exists() else Path(self.path, unicodedata.normalize("NFD", base))
        return loose_file(path, name)


@dataclass(frozen=True)
class _InArchive:
    name: str
    archive: Path
    inside: str
    archives: Archives

    def listed(self, name: str, base: str) -> Listed:
        member = f"{self.inside}/{base}" if self.inside else base
        opener = partial(self.archives.open, self.archive, member)
        try:
            return packed_file(self.archive, name, self.archives.entry(self.archive, member), opener)
        except Exception:  # whoever opens it is told what is wrong
            return Listed(name, 0, opener)


class Walk(Iterator[TreeFile | Fault]):
    """The files below a path as they are found; `links` are those that were not followed so far."""

    def __init__(self, path: Path, archives: Archives) -> None:
        self.links: list[str] = []
        self._archives = archives
        self._items = self._walk(path)

    def __next__(self) -> TreeFile | Fault:
        return next(self._items)

    def _walk(self, path: Path) -> Iterator[TreeFile | Fault]:
        if path.is_dir():
            yield from _bounded(self._below_folder(path.resolve()), path.name)
        elif is_archive(path):
            yield from self._below_archive(path, "")
        elif path.is_file():
            yield _OnDisk("", str(path.parent)).file_at(path.name)
        else:
            raise UnreadableSourceError(sentence("'{path}' does not exist.", path=path))

    def _below_folder(self, base: Path) -> Iterator[TreeFile | Fault]:
        archives: list[tuple[str, Path]] = []
        waiting = [_OnDisk("", str(base))]
        while waiting:
            folder = waiting.pop()
            try:
                entries = _entries(folder.path)
            except OSError as error:
                yield Fault(folder.name, sentence("This folder cannot be read: {strerror}.", strerror=reason(error)))
                continue
            for entry in entries:
                if not _is_inside(entry, base):
                    self.links += [folder.file_at(entry.name).name] if entry.is_symlink() else []
                    continue
                file = folder.file_at(entry.name)
                if _PIECE.search(file.base):
                    yield Fault(
                        file.name, sentence("This is a piece of a zip. Join the pieces to the whole zip first.")
                    )
                elif _looks_packed(file, Path(entry.path)):
                    archives.append((file.name, Path(entry.path)))
                else:
                    yield file
            waiting += [_inner(folder, entry) for entry in reversed(entries) if entry.is_dir(follow_symlinks=False)]
        for name, path in sorted(archives):
            yield from self._below_archive(path, name)

    def _below_archive(self, path: Path, name: str) -> Iterator[TreeFile | Fault]:
        """The files of one archive; where it lies below a folder (it has a name), a broken one is a fault."""
        folders: dict[str, _InArchive] = {}
        try:
            inside, links = self._names(path, name or path.name)
        except UnreadableSourceError as error:
            if not name:
                raise
            yield Fault(name, str(error))
            return
        self.links += ["/".join(part for part in (name, link) if part) for link in links]
        for member in sorted(inside):
            above, _, base = member.rpartition("/")
            if above not in folders:
                folders[above] = _InArchive(
                    "/".join(part for part in (name, above) if part), path, above, self._archives
                )
            file = TreeFile(folders[above], *_split(base))
            if file.suffix.lower() in _ARCHIVES:
                kind = file.suffix.lower().lstrip(".")
                yield Fault(
                    file.name,
                    sentence(
                        "A {inner} inside a {outer} is not read. Unpack the outer one.", inner=kind, outer=_kind(path)
                    ),
                )
            else:
                yield file

    def _names(self, path: Path, title: str) -> tuple[list[str], list[str]]:
        try:
            return self._archives.names(path, title)
        except UnreadableSourceError:
            raise
        except BROKEN as error:
            form = "tar archive" if is_tar(path) else "zip file"
            raise UnreadableSourceError(
                sentence("'{name}' is not a readable {form}: {error}.", name=path.name, form=form, error=reason(error))
            ) from error


def _kind(path: Path) -> str:
    return "tar" if is_tar(path) else "zip"


def _looks_packed(file: TreeFile, path: Path) -> bool:
    ending = file.suffix.lower()
    return ending in _ARCHIVES or (ending == ".gz" and is_tar(path))


@contextmanager
def everything_below(path: Path) -> Iterator[Walk]:
    """The files of a folder and of the archives below it, of an archive, or one file; readable inside the context.

    Loose files come before those in archives, both in the order of their names. Raises
    `UnreadableSourceError`, when iterated, where there is nothing at `path` or far too much.
    """
    archives = Archives()
    try:
        yield Walk(path, archives)
    finally:
        archives.close()


def _bounded(files: Iterator[TreeFile | Fault], title: str) -> Iterator[TreeFile | Fault]:
    for number, file in enumerate(files):
        if number == MAX_FILES:
            raise UnreadableSourceError(
                sentence("'{title}' contains more than {max_files} files.", title=title, max_files=f"{MAX_FILES:,}")
            )
        yield file


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as scan:
        return sorted((entry for entry in scan if not is_litter(entry.name)), key=lambda entry: entry.name)


def _is_inside(entry: os.DirEntry[str], base: Path) -> bool:
    """True if an entry is a file; links that leave the folder, and links to folders, are not followed."""
    return stays_inside(Path(entry.path), base) if entry.is_symlink() else entry.is_file()


def _split(base: str) -> tuple[str, str]:
    """A file name's stem and ending; the few endings there are share their memory."""
    ending = PurePosixPath(base).suffix
    return base.removesuffix(ending), sys.intern(ending)


def _inner(folder: _OnDisk, entry: os.DirEntry[str]) -> _OnDisk:
    base = decoded_name(os.fsencode(entry.name))
    return _OnDisk(f"{folder.name}/{base}" if folder.name else base, entry.path)
