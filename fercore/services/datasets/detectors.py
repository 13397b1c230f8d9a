"""The installation's face detector: of photos to extract and to predict, and of crops to repair."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

from fercore.errors import InputError
from fercore.faces.detection import AUTO, detector
from fercore.faces.extraction import Extractor, extractor
from fercore.language import tr
from fercore.settings import Settings
from fercore.store import Store

Stamp = tuple[int, int]


@dataclass(frozen=True)
class DetectorChoice:
    """A detector by its name; `problem` says why it is not YuNet, though YuNet's file is named, or is empty."""

    name: str
    problem: str = ""


def choice(settings: Settings, wanted: str = AUTO) -> DetectorChoice:
    """The detector that somebody wants, or FERCORE_DETECTOR; by itself YuNet where its file is given, else Haar.

    A file that is none leaves Haar, with the reason.
    """
    name = settings.detector if wanted == AUTO else wanted
    if name != AUTO:
        return DetectorChoice(name)
    if settings.yunet is None:
        return DetectorChoice("haar")
    why = _problem(settings.yunet, _stamp(settings.yunet))
    return (
        DetectorChoice("haar", tr("{why} Until then, Haar finds the faces.", why=why))
        if why
        else DetectorChoice("yunet")
    )


def chosen(store: Store) -> Extractor:
    """An extractor with the installation's detector; raises InputError for what is none, or lacks its model."""
    settings = store.settings
    with _making:
        return _made(choice(settings).name, settings.yunet, _stamp(settings.yunet))


_making: Final = Lock()  # all who ask at once get the same one


@lru_cache(maxsize=4)
def _made(name: str, yunet: Path | None, _stamp: Stamp | None) -> Extractor:
    return extractor(name, yunet)


@lru_cache(maxsize=4)
def _problem(yunet: Path, _stamp: Stamp | None) -> str:
    """Why a file cannot be YuNet's, or nothing."""
    try:
        detector("yunet", yunet)
    except InputError as error:
        return str(error)
    return ""


def _stamp(file: Path | None) -> Stamp | None:
    """Changes when a file does; None where there is none."""
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return found and (found.st_mtime_ns, found.st_size)
