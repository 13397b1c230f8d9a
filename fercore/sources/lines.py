"""Lines of a text file that may be plain, gzipped or alone in a zip: streamed and bounded.

Neither a bomb nor a file without line breaks costs more memory than one line.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from fercore.errors import UnreadableSourceError
from fercore.faces.contents import is_archive
from fercore.faces.files import Listed, files_in
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason

MAX_LINE: Final = 64 * 1024
MAX_TOTAL: Final = 4 * 2**30
_BUFFER: Final = 2**20
_GZIP_MAGIC: Final = b"\x1f\x8b"
# What the standard library raises for files that are cut off, damaged, encrypted or packed by other means.
BROKEN: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Lines:
    """An open text file: its stream, how big it is and how far it was read (in the same unit)."""

    name: str
    stream: IO[bytes]
    total: int
    position: Callable[[], int]
    others: tuple[str, ...] = ()  # names of the files beside it, where it is in a folder or archive
    links: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[tuple[int, bytes | None]]:
        """Line numbers from 1 and lines; None in place of a line longer than `MAX_LINE`.

        Raises `UnreadableSourceError` where the file breaks off or unpacks to more than `MAX_TOTAL`.
        """
        number, read = 0, 0
        while True:
            try:
                line, length = _next_line(self.stream, MAX_TOTAL - read)
            except BROKEN as error:
                raise UnreadableSourceError(
                    sentence(
                        "'{name}' breaks off after line {number}: {error}. Download or copy it again.",
                        name=self.name,
                        number=number,
                        error=reason(error),
                    )
                ) from error
            if not length:
                return
            number, read = number + 1, read + length
            if read >= MAX_TOTAL:
                raise UnreadableSourceError(
                    sentence(
                        "'{name}' has over {limit} GB of text. Split it into smaller files.",
                        name=self.name,
                        limit=MAX_TOTAL // 2**30,
                    )
                )
            yield number, line


def _next_line(stream: IO[bytes], allowance: int) -> tuple[bytes | None, int]:
    """The next line (None: too long, and skipped) and how many bytes it took."""
    line = stream.readline(MAX_LINE)
    if len(line) < MAX_LINE or line.endswith(b"\n"):
        return line, len(line)
    length = len(line)
    while length < allowance:
        rest = stream.readline(MAX_LINE)
        length += len(rest)
        if len(rest) < MAX_LINE or rest.endswith(b"\n"):
            break
    return None, length


@contextmanager
def opened(path: Path, suffix: str = ".csv") -> Iterator[Lines]:
    """The lines of a file, of a gzip, or of the one `suffix` file in a zip or folder.

    Raises `UnreadableSourceError` where there is none or more than one.
    """
    with ExitStack() as stack:
        if path.is_dir() or is_archive(path):
            files = stack.enter_context(files_in(path))
            chosen = _only(files, suffix, path.name)
            others = tuple(file.name for file in files if file is not chosen)
            yield replace(_member(chosen, path.name, stack), others=others, links=tuple(files.links))
            return
        try:
            raw = stack.enter_context(path.open("rb", buffering=_BUFFER))
        except OSError as error:
            raise UnreadableSourceError(
                sentence("'{path}' cannot be read: {strerror}.", path=path, strerror=reason(error))
            ) from error
        total = path.stat().st_size
        zipped = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        if not zipped:
            yield Lines(path.name, raw, total, raw.tell)
            return
        unzipped = stack.enter_context(gzip.GzipFile(fileobj=raw))
        yield Lines(path.name, _buffered(unzipped), total, raw.tell)


def tables_in(path: Path, suffix: str = ".csv") -> list[str]:
    """The names of a folder's or zip's files with that ending, sorted."""
    with files_in(path) as files:
        return [file.name for file in files if file.suffix == suffix]


def _only(files: list[Listed], suffix: str, title: str) -> Listed:
    matches = [file for file in files if file.suffix == suffix]
    if len(matches) == 1:
        return matches[0]
    names = ", ".join(f"'{file.name}'" for file in matches[:5]) or "none"
    raise UnreadableSourceError(
        sentence(
            "'{title}' must contain exactly one {suffix} file; it contains {found} ({names}). Give that file itself.",
            title=title,
            suffix=suffix,
            found=len(matches),
            names=names,
        )
    )


def _buffered(stream: io.BufferedIOBase) -> IO[bytes]:
    """A big buffer over a decompressing stream, whose own is smaller than one line of FER2013."""
    return io.BufferedReader(stream, _BUFFER)


def _member(file: Listed, title: str, stack: ExitStack) -> Lines:
    try:
        stream = stack.enter_context(file.open())
    except BROKEN as error:
        raise UnreadableSourceError(
            sentence("'{name}' in '{title}' cannot be read: {error}.", name=file.name, title=title, error=reason(error))
        ) from error
    return Lines(file.name, io.BufferedReader(stream, _BUFFER), file.size, stream.tell)  # type: ignore[type-var]
