"""The eye that the server has on what visitors left behind."""

from threading import Event

import pytest

from fercore.errors import StoredDataError
from fercore.services.prediction import visits
from fercore.ui.shell import preload, session


@pytest.mark.parametrize("fault", [None, StoredDataError("the database is away"), OSError("the disk is gone")])
def test_sweeping_goes_on_until_the_server_ends(monkeypatch, caplog, fault):
    ended, swept = Event(), []

    def sweep(store):
        swept.append(store)
        if len(swept) == 3:
            ended.set()
        elif fault:
            raise fault

    monkeypatch.setattr(preload, "SWEEP_SECONDS", 0.001)
    monkeypatch.setattr(session, "store", lambda: "the store")
    monkeypatch.setattr(visits, "sweep", sweep)
    preload.sweep_until(ended)
    assert swept == ["the store"] * 3
    assert caplog.text.count("could not be swept") == (2 if fault else 0)
