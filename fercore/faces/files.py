"""Safe walks through what users hand over: the files of a folder or of a zip, never outside of it.

Nothing is unpacked to disk. Names come in Unicode NFC with forward slashes, sorted, without the litter
that operating systems leave behind.
"""

import os
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Final

from fercore.errors import UnreadableImageError, UnreadableSourceError

MAX_FILES: Final = 2_000_000
MAX_ZIP_FILES: Final = 500_000
MAX_ZIP_BYTES: Final = 64 * 2**30
MAX_FILE_BYTES: Final = 256 * 2**20

_LITTER: Final = frozenset({"__macosx", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin"})
_UTF8_FLAG: Final = 0x800
# What the standard library raises for broken, encrypted or exotically compressed members.
_BROKEN: Final = (OSError, EOFError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, ValueError)


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a folder or zip: its relative name (NFC, forward slashes), size, and how to open it.

    `stamp` stays the same while nobody touches the file; `place` says where on this machine it is.
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
            raise UnreadableImageError(f"'{self.name}' is bigger than {limit // 2**20} MB, the most a picture may be.")
        return data


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Whatever goes wrong when a file or a zip's member is read becomes an `UnreadableImageError` with its name."""
    try:
        yield
    except Exception as error:
        if isinstance(error, _BROKEN) or type(error).__module__ in {"zlib", "lzma", "_lzma"}:
            raise UnreadableImageError(f"'{name}' cannot be read: {error}.") from error
        raise


def is_zip(path: Path) -> bool:
    """Whether a file is a zip by its content, whatever its name."""
    return path.is_file() and zipfile.is_zipfile(path)


@contextmanager
def files_in(path: Path) -> Iterator[list[Listed]]:
    """The files of a folder or zip, sorted by name; they can be read while the context is open.

    Raises `UnreadableSourceError` for anything else, and for a zip that is broken, too big or that
    names files outside of itself.
    """
    with ExitStack() as stack:
        if path.is_dir():
            listed = _in_folder(path)
        elif is_zip(path):
            archive = stack.enter_context(opened_zip(path))
            listed = [
                packed_file(path, name, info, partial(archive.open, info)) for name, info in members(archive, path.name)
            ]
        elif path.exists():
            raise UnreadableSourceError(f"'{path.name}' is neither a folder nor a zip file.")
        else:
            raise UnreadableSourceError(f"'{path}' does not exist.")
        yield sorted(listed, key=lambda file: file.name)


def _in_folder(root: Path) -> list[Listed]:
    """Links that leave the folder, and links to folders, are not followed."""
    listed: list[Listed] = []
    base = root.resolve()
    for folder, folders, names in os.walk(base):
        folders[:] = [name for name in folders if not is_litter(name)]
        for name in names:
            path = Path(folder, name)
            if is_litter(name) or not stays_inside(path, base):
                continue
            relative = decoded_name(os.fsencode(path.relative_to(base).as_posix()))
            listed.append(loose_file(path, relative))
        if len(listed) > MAX_FILES:
            raise UnreadableSourceError(f"'{root.name}' holds more than {MAX_FILES:,} files.")
    return listed


def loose_file(path: Path, name: str) -> Listed:
    """A file on disk under a name of its own; one that is gone fails when it is opened."""
    try:
        state = path.stat()
    except OSError:
        return Listed(name, 0, partial(open_file, path), "", str(path))
    return Listed(name, state.st_size, partial(open_file, path), f"{state.st_size}-{state.st_mtime_ns}", str(path))


def packed_file(archive: Path, name: str, info: zipfile.ZipInfo, opener: Callable[[], IO[bytes]]) -> Listed:
    """A file of a zip under a name of its own."""
    stamp = f"{info.file_size}-{info.CRC:08x}"
    return Listed(name, info.file_size, opener, stamp, f"{archive.resolve()}!/{info.filename}")


def read_file(path: Path) -> bytes:
    """The bytes of a picture file on disk; raises `UnreadableImageError`, also for a folder, a pipe or a device."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableImageError(f"'{path}' cannot be read: it is not a file.")
    except (OSError, ValueError) as error:
        raise UnreadableImageError(f"'{path}' cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    return loose_file(path, str(path)).read()


def read_place(place: Path | str) -> bytes:
    """The bytes of a file by the `place` that a `Listed` had; raises `UnreadableImageError`."""
    outer, member = _taken_apart(str(place))
    name = Path(outer).name
    if member is None:
        return loose_file(Path(outer), name).read()
    with readable(name), zipfile.ZipFile(outer) as archive:
        info = archive.getinfo(member)
        return packed_file(Path(outer), f"{name}/{member}", info, partial(archive.open, info)).read()


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
    """Whether a path is a file that, if it is a link, leads to a place in the resolved folder `base`."""
    if path.is_symlink() and not path.resolve().is_relative_to(base):
        return False
    return path.is_file()


def is_litter(name: str) -> bool:
    """Whether a file or folder of that name was left behind by an operating system."""
    return name.startswith(".") or name.lower() in _LITTER


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """An open zip; raises `UnreadableSourceError` where it is broken."""
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise UnreadableSourceError(f"'{path.name}' is no zip file that can be read: {error}.") from error
    with archive:
        yield archive


def members(archive: zipfile.ZipFile, title: str) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The files of a zip in its own order under their names in NFC; the zip is called `title` in errors.

    Raises `UnreadableSourceError` where it unpacks to too much or names files outside of itself.
    """
    files = [info for info in archive.infolist() if not info.is_dir() and not _is_link(info)]
    _check_size(files, title)
    for info in files:
        parts = PurePosixPath(_member_name(info).replace("\\", "/")).parts
        _check_parts(parts, title)
        if parts and not any(is_litter(part) for part in parts):
            yield "/".join(parts), info


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _check_size(files: Sequence[zipfile.ZipInfo], title: str) -> None:
    """A zip as big as what is in it, such as one of photos, is no bomb however big it is."""
    total = sum(info.file_size for info in files)
    allowed = max(MAX_ZIP_BYTES, 2 * sum(info.compress_size for info in files))
    if len(files) > MAX_ZIP_FILES or total > allowed:
        raise UnreadableSourceError(
            f"'{title}' would unpack to {len(files):,} files and {total / 2**30:,.1f} GB; at most "
            f"{MAX_ZIP_FILES:,} files and {MAX_ZIP_BYTES // 2**30} GB are taken from one zip. Split it."
        )


def _check_parts(parts: Sequence[str], title: str) -> None:
    if ".." in parts or (parts and (parts[0].startswith("/") or parts[0].endswith(":"))):
        raise UnreadableSourceError(
            f"'{title}' names a file outside of itself ('{'/'.join(parts)}'), which no ordinary zip does. "
            "Nothing of it was read; pack it anew."
        )


def _member_name(info: zipfile.ZipInfo) -> str:
    """A member's name in NFC; without the UTF-8 flag, Python has read its bytes as cp437."""
    if info.flag_bits & _UTF8_FLAG:
        return unicodedata.normalize("NFC", info.filename)
    try:
        return decoded_name(info.filename.encode("cp437"))
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", info.filename)


def decoded_name(raw: bytes) -> str:
    """A file name in NFC: Macs write UTF-8, Korean Windows cp949, and every byte means something in cp437."""
    for encoding in ("utf-8", "cp949"):
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")
