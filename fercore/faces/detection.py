"""Face detectors by name: each takes a decoded photo and returns boxes in the full picture's pixels with scores."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from fercore.errors import InputError
from fercore.faces.haar import Haar
from fercore.faces.looks import Detection, Detector
from fercore.faces.yunet import YuNet
from fercore.language.sentences import sentence

# Each detector by the name that people type, made from its model's file where it has one.
_MADE_BY: Final[dict[str, Callable[[Path | None], Detector]]] = {"haar": lambda _: Haar(), "yunet": YuNet}
DETECTORS: Final = tuple(_MADE_BY)
AUTO: Final = "auto"  # YuNet where its file is given, else Haar

__all__ = ["AUTO", "DETECTORS", "Detection", "Detector", "detector"]


def detector(name: str = "haar", yunet: Path | None = None) -> Detector:
    """A new detector by its name; raises `InputError` naming the known ones, or what YuNet lacks."""
    if name not in _MADE_BY:
        raise InputError(
            sentence("There is no detector '{name}'. Choose one of {known}.", name=name, known=", ".join(DETECTORS))
        )
    return _MADE_BY[name](yunet)
