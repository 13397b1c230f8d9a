"""A name that appears only when everything behind it is written, and never over something else."""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fercore.errors import InputError, UnreadableSourceError, disk_error
from fercore.language import tr

# What a zip says of every file's age, so that the same content is the same zip: the earliest a zip can say.
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_PACKED_ALREADY: Final = (".png", ".parquet")


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A place beside the target to write to; what is there at the end takes the target's name.

    Raises `InputError` where the target is something that is not empty, and `UnreadableSourceError` where the disk
    refuses. What an earlier export that was killed left beside the target is cleared away.
    """
    target = target.expanduser().resolve()
    refuse_over(target)
    workshop = target.with_name(f".{target.name}.fercore-part")
    try:
        _clear(workshop)
        workshop.mkdir(parents=True)
        draft = workshop / target.name
        yield draft
        refuse_over(target)
        if target.is_dir():
            target.rmdir()
        elif draft.is_dir():
            target.unlink(missing_ok=True)
        draft.replace(target)
    except OSError as error:
        why = error.strerror or str(error)
        raise disk_error(tr("'{name}' cannot be written: {why}.", name=target, why=why), error) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def pack(folder: Path, file: Path) -> None:
    """Zip a folder's content, empty folders included: the same content makes the same bytes."""
    with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            info = zipfile.ZipInfo(f"{name}/" if path.is_dir() else name, _LONG_AGO)
            if path.is_dir():
                info.external_attr = 0o755 << 16 | 0x10
                archive.writestr(info, b"")
                continue
            info.external_attr = 0o644 << 16
            info.file_size = path.stat().st_size
            info.compress_type = zipfile.ZIP_STORED if path.suffix in _PACKED_ALREADY else zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(info, "w") as packed:
                shutil.copyfileobj(source, packed, 1 << 20)


def refuse_over(target: Path) -> None:
    """Raise `InputError` where the target is something that is not empty."""
    try:
        taken = any(target.iterdir()) if target.is_dir() else target.exists() and target.stat().st_size > 0
    except OSError as error:
        why = error.strerror or str(error)
        raise UnreadableSourceError(tr("'{name}' cannot be written: {why}.", name=target, why=why)) from error
    if taken:
        raise InputError(
            tr("'{name}' exists and is not empty, and an export never overwrites: name another place.", name=target)
        )


def _clear(workshop: Path) -> None:
    if workshop.is_dir() and not workshop.is_symlink():
        shutil.rmtree(workshop)
    else:
        workshop.unlink(missing_ok=True)
