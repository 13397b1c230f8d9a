"""The installation's face detector, FERCORE_DETECTOR: of photos to predict, and of crops to repair."""

from functools import cache
from pathlib import Path

from fercore.faces.extraction import Extractor, extractor
from fercore.store import Store


def chosen(store: Store) -> Extractor:
    """An extractor with the detector of the settings; raises InputError for what is none, or lacks its model."""
    return _made(store.settings.detector, store.settings.yunet)


@cache
def _made(name: str, yunet: Path | None) -> Extractor:
    return extractor(name, yunet)
