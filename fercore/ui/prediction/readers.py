"""The runs that read faces on Predict, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from fercore.errors import FercoreError
from fercore.services.comparison import calibration
from fercore.services.prediction import certainty as answer_sets
from fercore.services.prediction import photos, warm_models
from fercore.services.prediction.certainty import AnswerSets
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal

MOST: Final = warm_models.MOST  # runs side by side: all of them stay loaded
Key = tuple[int, float, float | None]
"""A run, the moment its model changed last, and the temperature that scales its probabilities, if one does."""


@dataclass(frozen=True)
class Readers:
    """Runs by number with their short names, the first of which speaks; calibrated where they have a temperature."""

    titles: Mapping[int, str]
    calibrated: bool = False


@dataclass(frozen=True)
class RunReading:
    """(N, 7) probabilities of a photo's faces by one model, its sets that hold the answer 9 times in 10, if it was
    measured on validation faces, and the (N,) novelty of the faces to it, if its file knows that.
    """

    probabilities: npt.NDArray[np.float32]
    sets: AnswerSets | None
    novelty: npt.NDArray[np.float32] | None = None


def keys(chosen: Readers) -> Sequence[Key]:
    """The models of the chosen runs; those that are gone are named on the page and left out."""
    there = []
    for run in chosen.titles:
        try:
            fitted = calibration.temperature(store(), run) if chosen.calibrated else None
            there.append((run, photos.changed(store(), run), fitted.value if fitted else None))
        except FercoreError as error:
            st.warning(literal(error), icon=":material/error:")
    return there


def probabilities(key: Key, faces: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(N, 48, 48) uint8 to (N, 7), by the model of this key."""
    rows = warm_models.reader(store(), key[0], key[2] is not None).probabilities(faces)
    _ready.add(key)
    return rows


def read(key: Key, faces: npt.NDArray[np.uint8]) -> RunReading:
    """(N, 48, 48) faces as the model of this key reads them."""
    calibrated = key[2] is not None
    sets = answer_sets.of_run(store(), key[0], calibrated)
    return RunReading(probabilities(key, faces), sets, warm_models.reader(store(), key[0], calibrated).novelty(faces))


_ready: Final[set[Key]] = set()


def are_ready(models: Sequence[Key]) -> bool:
    """True if each of these models has read before; the first time may take seconds."""
    return _ready.issuperset(models)
