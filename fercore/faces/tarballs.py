"""Tar archives, plain and gzipped, read in any order: a gzipped one is unzipped once, into a file without a name."""

import gzip
import io
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path
from threading import Lock
from typing import IO, Final

from fercore.errors import UnreadableSourceError
from fercore.faces.kinds import GZIP, HEAD, TAR, kind_of
from fercore.language.sentences import sentence

MAX_HEADER: Final = 2**20  # bytes that a member's name and notes may take
# A gzip that grows by more than its share is a bomb: text grows ten times, pictures hardly at all.
MAX_GROWTH: Final = 100
ALWAYS_ALLOWED: Final = 2**30
KEPT_FREE: Final = 2**30  # bytes of the disk that an unzipped archive leaves
_CHUNK: Final = 2**20


def is_tar(path: Path) -> bool:
    """True if a file is a tar, gzipped or not, by its content."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            if kind_of(head) is GZIP:
                file.seek(0)
                with gzip.GzipFile(fileobj=file) as unzipped:
                    head = unzipped.read(HEAD)
    except (OSError, EOFError, zlib.error):
        return False
    return kind_of(head) is TAR or _has_old_header(head)


def _has_old_header(head: bytes) -> bool:
    """True if a block is the header of a tar from before the word `ustar`: its checksum tells."""
    try:
        return bool(tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape").name) and len(head) == HEAD
    except tarfile.TarError:
        return False


class _Header(tarfile.TarInfo):
    """A header whose notes are bounded: they are read into memory as a whole."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.size > MAX_HEADER and not (self.isreg() or self.isdir() or self.issym() or self.islnk()):
            raise tarfile.ReadError(f"a header of {self.size:,} bytes")
        return super()._proc_member(archive)  # type: ignore[misc, no-any-return]  # tarfile's own


class Tarball:
    """An open tar: its headers, and each file as a part of one stream that several readers share."""

    def __init__(self, path: Path) -> None:
        self._shared = _Shared(_plain(path))
        try:
            with tarfile.open(fileobj=self._shared.stream, mode="r:", tarinfo=_Header) as archive:
                self.headers = archive.getmembers()
        except BaseException:
            self._shared.release()
            raise

    def open(self, header: tarfile.TarInfo) -> IO[bytes]:
        """A file of the archive, which stays readable when the archive is closed."""
        return io.BufferedReader(_Part(self._shared, header.offset_data, header.size), _CHUNK)

    def close(self) -> None:
        """Close the archive as soon as the last of its files is closed."""
        self._shared.release()


def _plain(path: Path) -> IO[bytes]:
    """The tar itself, or what is in its gzip; raises `UnreadableSourceError` for one that would fill the disk."""
    file = path.open("rb")
    if kind_of(file.read(HEAD)) is not GZIP:
        file.seek(0)
        return file
    file.seek(0)
    allowed = min(
        max(ALWAYS_ALLOWED, MAX_GROWTH * path.stat().st_size),
        shutil.disk_usage(tempfile.gettempdir()).free - KEPT_FREE,
    )
    target = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the last reader)
    try:
        with file, gzip.GzipFile(fileobj=file) as unzipped:
            while chunk := unzipped.read(_CHUNK):
                if target.tell() + len(chunk) > allowed:
                    size = f"{allowed / 2**30:,.1f} GB"
                    raise UnreadableSourceError(
                        sentence(
                            "'{name}' would unpack to more than {size}. Give its folder.", name=path.name, size=size
                        )
                    )
                target.write(chunk)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


class _Shared:
    """A stream with several readers, closed with the last of them."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self._lock = Lock()
        self._users = 1

    def take(self) -> None:
        with self._lock:
            self._users += 1

    def release(self) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                self.stream.close()

    def read_at(self, place: int, size: int) -> bytes:
        with self._lock:
            self.stream.seek(place)
            return self.stream.read(size)


class _Part(io.RawIOBase):
    """Some bytes of a shared stream."""

    def __init__(self, shared: _Shared, start: int, size: int) -> None:
        self._shared, self._start, self._size, self._at = shared, start, size, 0
        shared.take()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io's is of any buffer
        wanted = min(len(buffer), self._size - self._at)
        data = self._shared.read_at(self._start + self._at, wanted) if wanted > 0 else b""
        if len(data) < wanted:
            raise EOFError("the archive ends too soon")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if not self.closed:
            self._shared.release()
        super().close()
