"""Models that stay loaded: once for many, anew when their file changes, and no more than fit."""

import os
import shutil
import threading
import time

import pytest

from fercore.errors import InputError, NotFoundError, StoredDataError
from fercore.services.prediction import photos, warm_models
from fercore.store.training import runs
from tests.cli.test_contents import exported as exported
from tests.routes.test_api_runs import trained


@pytest.fixture
def loads(monkeypatch):
    """The runs whose models were loaded, with nothing warm from before."""
    warm_models._slots.clear()
    loaded, load = [], photos.load

    def slowly(store, run, *more):
        loaded.append(run)
        time.sleep(0.02)
        return load(store, run, *more)

    monkeypatch.setattr(photos, "load", slowly)
    yield loaded
    warm_models._slots.clear()


def copied(store):
    """Another run with the first one's model."""
    with store.database.reading() as session:
        facts = runs.get(session, 1).record
    run = trained(store, record=facts)
    for name in ("model.onnx", "model.keras"):
        shutil.copy(store.run_folder(1) / name, store.run_folder(run) / name)
    return run


def test_many_threads_wait_for_one_load(exported, loads):
    readers = []
    threads = [threading.Thread(target=lambda: readers.append(warm_models.reader(exported, 1))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [1] and len({id(reader) for reader in readers}) == 1 and len(readers) == 8


def test_a_changed_file_is_loaded_anew(exported, loads):
    first = warm_models.reader(exported, 1)
    file = exported.run_folder(1) / "model.onnx"
    os.utime(file, (1, 1))
    assert warm_models.reader(exported, 1) is not first and loads == [1, 1]


def test_the_longest_unused_model_goes(exported, loads, monkeypatch):
    monkeypatch.setattr(warm_models, "MOST", 2)
    second, third = copied(exported), copied(exported)
    for run in (1, second, 1, third, 1, second):
        warm_models.reader(exported, run)
    assert loads == [1, second, third, second]


def test_a_temperature_shares_the_model(exported, loads):
    with pytest.raises(InputError, match="Run 1 has no temperature"):
        warm_models.reader(exported, 1, calibrated=True)
    with exported.database.writing() as session:
        runs.set_values(session, 1, temperature={"value": 2.5})
    assert warm_models.reader(exported, 1, calibrated=True).temperature == 2.5
    assert warm_models.reader(exported, 1).temperature is None and loads == [1]


def test_what_cannot_predict_takes_no_place(exported, loads):
    warm_models.reader(exported, 1)
    for run, error in ((99, NotFoundError), (trained(exported, status="running", reported_epoch=None), InputError)):
        with pytest.raises(error):
            warm_models.reader(exported, run)
    with pytest.raises(StoredDataError, match="gone"):
        warm_models.reader(exported, trained(exported))
    assert len(warm_models._slots) == 1
