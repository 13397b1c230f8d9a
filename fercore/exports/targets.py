"""A name that appears only when everything behind it is written, and never over something else unasked."""

import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fercore.errors import InputError, UnreadableSourceError, disk_error
from fercore.language import tr
from fercore.language.sentences import words
from fercore.language.system_reasons import reason

# What a zip says of every file's age, so that the same content is the same zip: the earliest a zip can say.
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_PACKED_ALREADY: Final = (".png", ".parquet")


@contextmanager
def placed(target: Path, replace: bool = False) -> Iterator[Path]:
    """A place beside the target to write to; what is there at the end takes the target's name.

    The target must be absent or an empty folder; with `replace`, it may be a regular file. Raises `InputError` where
    something else is there, and `UnreadableSourceError` where the disk refuses. What an earlier export that was killed
    left beside the target is cleared away.
    """
    target = whole(target)
    refuse_over(target, replace)
    workshop = target.with_name(f".{target.name}.fercore-part")
    try:
        _clear(workshop)
        workshop.mkdir(parents=True)
        draft = workshop / target.name
        yield draft
        refuse_over(target, replace)
        _take_name(draft, target, replace)
    except OSError as error:
        why = words(reason(error))
        raise disk_error(tr("'{name}' cannot be written: {why}.", name=target, why=why), error) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def whole(target: Path) -> Path:
    """The target's full path; a link in its last part is no way to another place."""
    path = target.expanduser().absolute()
    return path.parent.resolve() / path.name


def _take_name(draft: Path, target: Path, replace: bool) -> None:
    """Give the draft its name, without a moment in which something that has come meanwhile is overwritten."""
    if draft.is_dir():
        draft.rename(target)  # an empty folder may stand there, nothing else
        return
    if target.is_dir():
        target.rmdir()
    if replace:
        draft.replace(target)
    else:
        try:
            os.link(draft, target)
        except (FileExistsError, PermissionError, NotImplementedError):
            if os.path.lexists(target):
                refuse_over(target)
            draft.rename(target)
        except OSError:  # a file system without hard links
            draft.rename(target)


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


def refuse_over(target: Path, replace: bool = False) -> None:
    """Raise `InputError` where the target is neither absent nor an empty folder, nor a regular file to be replaced."""
    target = whole(target)
    try:
        mode = target.lstat().st_mode
        taken = not stat.S_ISDIR(mode) or any(target.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        why = words(reason(error))
        raise UnreadableSourceError(tr("'{name}' cannot be written: {why}.", name=target, why=why)) from error
    if replace and not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise InputError(tr("'{name}' is a device, a pipe or a link: only a regular file is replaced.", name=target))
    if taken and not (replace and stat.S_ISREG(mode)):
        raise InputError(tr("'{name}' exists already, and nothing is overwritten: name another place.", name=target))


def _clear(workshop: Path) -> None:
    if workshop.is_dir() and not workshop.is_symlink():
        shutil.rmtree(workshop)
    else:
        workshop.unlink(missing_ok=True)
