"""The Parquet files of what users hand over, opened, and their rows some at a time."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fercore.errors import UnreadableSourceError
from fercore.faces.contents import is_archive
from fercore.faces.files import Listed, files_in
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason
from fercore.sources.lines import BROKEN

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

BATCH: Final = 200


@contextmanager
def files(path: Path) -> Iterator[tuple[list[Path], list[str], list[str]]]:
    """The file itself, or those of a folder or archive with the names of other files and of links.

    Parquet is read from its end, so an archive's files are unpacked first.
    """
    if path.is_file() and (_is_parquet(path) or not is_archive(path)):
        yield [path], [], []
        return
    with tempfile.TemporaryDirectory() as folder, files_in(path) as files:
        parquet_files = [file for file in files if file.suffix == ".parquet"]
        if not parquet_files:
            count = len(files.links)
            links = f" but links that lead out of it, which are not followed ({count:,})" if count else ""
            raise UnreadableSourceError(
                sentence("'{name}' contains no .parquet file{links}.", name=path.name, links=links)
            )
        others = [file.name for file in files if file.suffix != ".parquet"]
        yield [_place(path, file, Path(folder)) for file in parquet_files], others, files.links


def _is_parquet(file: Path) -> bool:
    """By its first bytes: what looks like the end of a zip may also lie in a picture."""
    try:
        with file.open("rb") as stream:
            return stream.read(4) == b"PAR1"
    except OSError as error:
        raise UnreadableSourceError(
            sentence("'{name}' cannot be read: {strerror}.", name=file.name, strerror=reason(error))
        ) from error


def _place(path: Path, file: Listed, folder: Path) -> Path:
    """The place of the file; `Listed` names are NFC, and one that is not so on disk is copied like a zip's."""
    place = path / file.name
    return place if place.is_file() else _unpacked(file, folder)


def _unpacked(file: Listed, folder: Path) -> Path:
    target = folder / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open() as source, target.open("xb") as output:
            shutil.copyfileobj(source, output, 1 << 20)
    except BROKEN as error:
        raise UnreadableSourceError(
            sentence(
                "'{name}' cannot be unpacked: {error}. Pack or copy it again.", name=file.name, error=reason(error)
            )
        ) from error
    return target


@contextmanager
def opened(file: Path) -> "Iterator[ParquetFile]":
    """A Parquet file; what is wrong with it, then or while it is read, is an `UnreadableSourceError`."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with file.open("rb") as stream, ParquetFile(stream) as reader:
            yield reader
    except pa.ArrowException as error:
        first = str(error).splitlines()[0].rstrip(".")
        raise UnreadableSourceError(
            sentence("'{name}' is not a readable Parquet file: {first}.", name=file.name, first=first)
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSourceError(
            sentence("'{name}' cannot be read: {why}. Download or copy it again.", name=file.name, why=reason(error))
        ) from error


def row_count(file: Path) -> int:
    """The number of rows that a file names."""
    with opened(file) as reader:
        return int(reader.metadata.num_rows)


def rows(file: Path, columns: list[str]) -> Iterator[dict[str, Any]]:
    """A file's rows, in their order."""
    with opened(file) as reader:
        for batch in reader.iter_batches(BATCH, columns=columns, use_threads=False):
            yield from batch.to_pylist()
