"""Contents of an archive, a zip or a tar: names, sizes, and how to open each file, without unpacking it to disk."""

import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from fercore.errors import UnreadableSourceError
from fercore.faces.names import decoded_name, is_litter
from fercore.faces.tarballs import Tarball, is_tar
from fercore.language import counts
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason

MAX_FILES: Final = 500_000
MAX_BYTES: Final = 64 * 2**30
_UTF8_FLAG: Final = 0x800
_DRIVE: Final = 2  # letters of "C:", which begins a path and no folder of an archive
_OFFICE: Final = {"xl/workbook.xml": "an Excel file", "word/document.xml": "a Word file"}
# What the standard library raises for broken, encrypted or exotically compressed archives and files in them.
BROKEN: Final = (
    *(OSError, EOFError, KeyError, RuntimeError, NotImplementedError, ValueError, zlib.error),
    *(zipfile.BadZipFile, tarfile.TarError),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive: its name as the archive spells it, its size, a mark of its content, and its header."""

    inside: str
    size: int
    mark: str
    header: zipfile.ZipInfo | tarfile.TarInfo


class ArchiveContents:
    """An open zip or tar; `links` are the names of the links in it, which are never followed."""

    def __init__(self, path: Path) -> None:
        self._archive: zipfile.ZipFile | Tarball = Tarball(path) if is_tar(path) else zipfile.ZipFile(path)
        self._size = path.stat().st_size
        self.links: list[str] = []

    def files(self, title: str) -> Iterator[tuple[str, Entry]]:
        """The files in their own order under their names in NFC; the archive is called `title` in errors.

        Raises `UnreadableSourceError` where it unpacks to too much, names files outside of itself, or is no
        archive of files that people would look into.
        """
        self.links.clear()
        entries = list(self._zipped() if isinstance(self._archive, zipfile.ZipFile) else self._tarred())
        _check_size([entry for _, entry in entries], self._packed(), title)
        for raw, entry in entries:
            if entry.inside in _OFFICE:
                raise UnreadableSourceError(
                    sentence(
                        "'{title}' is {office}, not an archive. Save it as CSV.",
                        title=title,
                        office=_OFFICE[entry.inside],
                    )
                )
            parts = PurePosixPath(raw.replace("\\", "/")).parts
            _check_parts(parts, title)
            if parts and not any(is_litter(part) for part in parts):
                yield "/".join(parts), entry

    def open(self, entry: Entry) -> IO[bytes]:
        """A file of the archive, which stays readable when the archive is closed."""
        if isinstance(self._archive, Tarball):
            assert isinstance(entry.header, tarfile.TarInfo)
            return self._archive.open(entry.header)
        assert isinstance(entry.header, zipfile.ZipInfo)
        return self._archive.open(entry.header)

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def _packed(self) -> int:
        """The bytes that the files take in the archive."""
        if isinstance(self._archive, zipfile.ZipFile):
            return sum(info.compress_size for info in self._archive.infolist())
        return self._size

    def _zipped(self) -> Iterator[tuple[str, Entry]]:
        assert isinstance(self._archive, zipfile.ZipFile)
        for info in self._archive.infolist():
            if stat.S_ISLNK(info.external_attr >> 16):
                self.links.append(_name_in_zip(info))
            elif not info.is_dir():
                mark = f"{info.file_size}-{info.CRC:08x}"
                yield _name_in_zip(info), Entry(info.filename, info.file_size, mark, info)

    def _tarred(self) -> Iterator[tuple[str, Entry]]:
        assert isinstance(self._archive, Tarball)
        for header in self._archive.headers:
            name = decoded_name(header.name.encode("utf-8", "surrogateescape"))
            if header.issym() or header.islnk():
                self.links.append(name)
            elif header.isreg() and not header.issparse():
                mark = f"{header.size}-{header.mtime}-{header.chksum:x}"
                yield name.removeprefix("./"), Entry(header.name, header.size, mark[:40], header)


@contextmanager
def opened_archive(path: Path) -> Iterator[ArchiveContents]:
    """An open archive; raises `UnreadableSourceError` where it is broken."""
    try:
        contents = ArchiveContents(path)
    except BROKEN as error:
        form = "tar archive" if is_tar(path) else "zip file"
        raise UnreadableSourceError(
            sentence("'{name}' is not a readable {form}: {error}.", name=path.name, form=form, error=reason(error))
        ) from error
    try:
        yield contents
    finally:
        contents.close()


def is_archive(path: Path) -> bool:
    """True if a file is a zip or a tar, gzipped or not, by its content."""
    return path.is_file() and (zipfile.is_zipfile(path) or is_tar(path))


def _check_size(entries: Sequence[Entry], packed: int, title: str) -> None:
    """An archive as big as what is in it, such as one of photos, is no bomb however big it is."""
    total = sum(entry.size for entry in entries)
    if len(entries) > MAX_FILES or total > max(MAX_BYTES, 2 * packed):
        raise UnreadableSourceError(
            sentence(
                "'{title}' would unpack to {files} and {size} GB; at most {most} files and "
                "{limit} GB are taken from one archive. Split it.",
                title=title,
                files=counts.files(len(entries)),
                size=f"{total / 2**30:,.1f}",
                most=f"{MAX_FILES:,}",
                limit=MAX_BYTES // 2**30,
            )
        )


def _check_parts(parts: Sequence[str], title: str) -> None:
    is_drive = bool(parts) and len(parts[0]) == _DRIVE and parts[0][0].isascii() and parts[0].endswith(":")
    if ".." in parts or is_drive or (parts and parts[0].startswith("/")):
        raise UnreadableSourceError(
            sentence(
                "'{title}' names a file outside of itself ('{member}'), which no ordinary archive "
                "does. Nothing was read; pack it again.",
                title=title,
                member="/".join(parts),
            )
        )


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    """A member's name in NFC; without the UTF-8 flag, Python has read its bytes as cp437."""
    if info.flag_bits & _UTF8_FLAG:
        return unicodedata.normalize("NFC", info.filename)
    try:
        return decoded_name(info.filename.encode("cp437"))
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", info.filename)
