"""Models that stay loaded for all who predict, on the page and over HTTP; loaded again when their file changes."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from fercore.errors import InputError
from fercore.language import tr
from fercore.prediction.face_reader import FaceReader
from fercore.services.prediction import model_files, photos
from fercore.store import Store
from fercore.store.training import runs

MOST: Final = 4  # the largest backbone takes a quarter of a gigabyte

Key = tuple[str, str, int]


@dataclass
class _Slot:
    """A run's model and the time of its file; one thread loads it while others that want it wait."""

    lock: Lock = field(default_factory=Lock)
    changed: float | None = None
    reader: FaceReader | None = None


_slots: Final[OrderedDict[Key, _Slot]] = OrderedDict()
_lock: Final = Lock()


def reader(store: Store, run_id: int, calibrated: bool = False) -> FaceReader:
    """The predictor of a finished run; calibrated, it scales by the run's temperature of now.

    Raises NotFoundError, InputError for a run that has no model or no temperature, StoredDataError for a broken file.
    """
    temperature = _checked(store, run_id, calibrated)
    changed = photos.changed(store, run_id)
    slot = _slot((store.settings.database, str(store.settings.models_dir), run_id))
    with slot.lock:
        if slot.reader is None or slot.changed != changed:
            slot.reader, slot.changed = photos.load(store, run_id), changed
        loaded = slot.reader
    return loaded if temperature is None else loaded.scaled_by(temperature)


def _checked(store: Store, run_id: int, calibrated: bool) -> float | None:
    """The temperature where one is wanted. A run without a model takes no other's place in memory."""
    with store.database.reading() as session:
        run = runs.get(session, run_id)
    model_files.check_trained(run)
    if not calibrated:
        return None
    if run.temperature is None:
        raise InputError(tr("Run {run} has no temperature: calibrate it on Compare first.", run=run_id))
    return float(run.temperature["value"])


def _slot(key: Key) -> _Slot:
    with _lock:
        slot = _slots.setdefault(key, _Slot())
        _slots.move_to_end(key)
        while len(_slots) > MOST:
            _slots.popitem(last=False)
        return slot
