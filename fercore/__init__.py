"""fercore: curate face datasets and compare CNN backbones for facial emotion."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fercore.prediction.photo_predictor import PhotoPredictor as Predictor
    from fercore.python import open as open

__version__ = "0.2.0"
__all__ = ["Predictor", "open"]
_LAZY = {
    "open": ("fercore.python", "open"),
    "Predictor": ("fercore.prediction.photo_predictor", "PhotoPredictor"),
}


def __getattr__(name: str) -> Any:
    """`fercore.open` and `fercore.Predictor`, imported when they are asked for."""
    if name not in _LAZY:
        raise AttributeError(f"module 'fercore' has no attribute '{name}'")
    module, inside = _LAZY[name]
    return getattr(import_module(module), inside)
