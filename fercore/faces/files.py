"""Safe walks through what users hand over: the files of a folder or of an archive, never outside of it.

Nothing is unpacked to disk. Names come in Unicode NFC with forward slashes, sorted, without the litter
that operating systems leave behind.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Final

from fercore.errors import UnreadableImageError, UnreadableSourceError
from fercore.faces.contents import BROKEN, Entry, is_archive, opened_archive
from fercore.faces.names import decoded_name, is_litter, real_place, stored_place
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason

MAX_FILES: Final = 2_000_000
MAX_FILE_BYTES: Final = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a folder or zip: its relative name (NFC, forward slashes), size, and how to open it.

    `stamp` stays the same while nobody touches the file; `place` says where on this machine it is, as
    `read_place` reads it.
    """

    name: str
    size: int
    open: Callable[[], IO[bytes]]
    stamp: str = ""
    place: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders and the file name that make up `name`."""
        return PurePosixPath(self.name).parts

    @property
    def suffix(self) -> str:
        """The lower-case ending of the name with its dot, or an empty string."""
        return PurePosixPath(self.name).suffix.lower()

    def read(self, limit: int = MAX_FILE_BYTES) -> bytes:
        """All bytes; raises `UnreadableImageError` where the file is too big, gone, encrypted or broken."""
        with readable(self.name), self.open() as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise UnreadableImageError(
                sentence(
                    "'{name}' is bigger than {limit} MB, the most a picture may be.",
                    name=self.name,
                    limit=limit // 2**20,
                )
            )
        return data


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turn every failure to read a file or a zip's member into an `UnreadableImageError` with its name."""
    try:
        yield
    except Exception as error:  # zlib's and lzma's errors have no common type; all others go on
        if isinstance(error, BROKEN) or type(error).__module__ in {"zlib", "lzma", "_lzma"}:
            raise UnreadableImageError(
                sentence("'{name}' cannot be read: {error}.", name=name, error=reason(error))
            ) from error
        raise


class Listing(list[Listed]):
    """The files of a source, and the names of links that were not followed: they lead out of it, or nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []


@contextmanager
def files_in(path: Path) -> Iterator[Listing]:
    """The files of a folder or archive, sorted by name; they can be read while the context is open.

    Raises `UnreadableSourceError` for anything else, and for an archive that is broken, too big or that
    names files outside of itself.
    """
    listing = Listing()
    with ExitStack() as stack:
        if path.is_dir():
            _list_folder(path, listing)
        elif is_archive(path):
            contents = stack.enter_context(opened_archive(path))
            for name, entry in contents.files(path.name):
                listing.append(packed_file(path, name, entry, partial(contents.open, entry)))
            listing.links = contents.links
        elif path.exists():
            raise UnreadableSourceError(sentence("'{name}' is neither a folder nor a zip or tar file.", name=path.name))
        else:
            raise UnreadableSourceError(sentence("'{path}' does not exist.", path=path))
        listing.sort(key=lambda file: file.name)
        yield listing


def _list_folder(root: Path, listing: Listing) -> None:
    """Links that leave the folder, and links to folders, are not followed."""
    base = root.resolve()
    for folder, folders, names in os.walk(base):
        folders[:] = [name for name in folders if not is_litter(name)]
        for name in (*names, *(name for name in folders if Path(folder, name).is_symlink())):
            path = Path(folder, name)
            if is_litter(name):
                continue
            relative = decoded_name(os.fsencode(path.relative_to(base).as_posix()))
            if stays_inside(path, base):
                listing.append(loose_file(path, relative))
            elif path.is_symlink():
                listing.links.append(relative)
        if len(listing) > MAX_FILES:
            raise UnreadableSourceError(
                sentence("'{name}' contains more than {max_files} files.", name=root.name, max_files=f"{MAX_FILES:,}")
            )


def loose_file(path: Path, name: str) -> Listed:
    """A file on disk under a name of its own; one that is gone fails when it is opened."""
    try:
        state = path.stat()
    except OSError:
        return Listed(name, 0, partial(open_file, path), "", stored_place(str(path)))
    stamp = f"{state.st_size}-{state.st_mtime_ns}"
    return Listed(name, state.st_size, partial(open_file, path), stamp, stored_place(str(path)))


def packed_file(archive: Path, name: str, entry: Entry, opener: Callable[[], IO[bytes]]) -> Listed:
    """A file of an archive under a name of its own."""
    place = stored_place(f"{archive.resolve()}!/{entry.inside}")
    return Listed(name, entry.size, opener, entry.mark, place)


def read_file(path: Path) -> bytes:
    """The bytes of a picture file on disk; raises `UnreadableImageError`, also for a folder, a pipe or a device."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableImageError(sentence("'{path}' cannot be read: it is not a file.", path=path))
    except (OSError, ValueError) as error:
        raise UnreadableImageError(
            sentence("'{path}' cannot be read: {reason}.", path=path, reason=reason(error))
        ) from error
    return loose_file(path, str(path)).read()


def read_place(stored: str, base: Path = Path()) -> bytes:
    """The bytes of a file by the `place` that a `Listed` had, or by a path below `base`.

    Raises `UnreadableImageError`.
    """
    outer, member = _taken_apart(str(base / real_place(str(stored))))
    name = decoded_name(os.fsencode(Path(outer).name))
    if member is None:
        return loose_file(Path(outer), name).read()
    try:
        with opened_archive(Path(outer)) as contents:
            # A path on disk loses the "./" with which many tars begin their names.
            wanted = PurePosixPath(member)
            entry = next(
                (candidate for _, candidate in contents.files(name) if PurePosixPath(candidate.inside) == wanted), None
            )
            if entry is None:
                raise UnreadableImageError(
                    sentence("'{name}' no longer contains '{member}'.", name=name, member=member)
                )
            return packed_file(Path(outer), f"{name}/{member}", entry, partial(contents.open, entry)).read()
    except UnreadableSourceError as error:
        raise UnreadableImageError(str(error)) from error


def _taken_apart(place: str) -> tuple[str, str | None]:
    """A file, or a zip and the name of what is in it; a folder's name may end in an exclamation mark, too."""
    pieces = place.split("!/")
    for count in range(len(pieces), 1, -1):
        outer = "!/".join(pieces[: count - 1])
        if Path(outer).is_file():
            return outer, "!/".join(pieces[count - 1 :])
    return place, None


def open_file(path: Path) -> IO[bytes]:
    """A file on disk, to be read as bytes."""
    return path.open("rb")


def stays_inside(path: Path, base: Path) -> bool:
    """True if a path is a file that, if it is a link, leads to a place in the resolved folder `base`."""
    if path.is_symlink() and not path.resolve().is_relative_to(base):
        return False
    return path.is_file()
