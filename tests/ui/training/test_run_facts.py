"""The record of a run, and its reported epoch in words."""

from types import SimpleNamespace

import pytest

from fercore.store.tables import Run, Snapshot
from fercore.ui.training import run_facts
from tests.services.comparison.test_table import evaluated


def test_the_record_of_a_run():
    run = Run(recipe={"name": "own"}, class_weights=None, seed=3, epochs=9, weights="none", record={"commit": "c"})
    result = SimpleNamespace(run=run, snapshot=Snapshot(name="S", hash="a" * 64))
    assert run_facts.record(result) == {
        **{"recipe": {"name": "own"}, "class weights": None, "seed": 3, "epochs": 9, "start": "none"},
        "snapshot": {"name": "S", "hash": "a" * 64},
        "record": {"commit": "c"},
    }


@pytest.mark.parametrize(
    ("status", "watches", "watched", "evaluated_on", "answers"),
    [
        pytest.param("running", "validation", 0.5, [], [], id="it runs"),
        pytest.param(
            "done",
            "validation",
            0.5,
            [],
            ["Reported: epoch 2 of 3 · validation accuracy 50.0% · training accuracy 75.0%", "Evaluate this run"],
            id="not evaluated",
        ),
        pytest.param(
            "done",
            "training slice",
            0.5,
            [],
            [
                "Reported: epoch 2 of 3 · 50.0% on training faces that were held out · training accuracy 75.0%",
                "Evaluate this run",
            ],
            id="a part of the training faces watched",
        ),
        pytest.param(
            "done",
            "nothing",
            None,
            [(1, "D*", "test"), (2, "D", "train"), (1, "E", "train")],
            ["Reported: epoch 2 of 3 · training accuracy 75.0%", r"D\* test · 25.0%", "E train · 25.0%"],
            id="evaluated",
        ),
    ],
)
def test_what_is_said_of_a_reported_epoch(monkeypatch, status, watches, watched, evaluated_on, answers):
    messages = []
    listed = [evaluated(run, 0.25, dataset=dataset, split=split) for run, dataset, split in evaluated_on]
    row = SimpleNamespace(page_link=lambda page, label, **_: messages.append(label))
    monkeypatch.setattr("streamlit.caption", messages.append)
    monkeypatch.setattr("streamlit.container", lambda **_: row)
    monkeypatch.setattr(run_facts, "store", lambda: None)
    monkeypatch.setattr(run_facts.preflight, "leaks", lambda store, snapshot: [])
    monkeypatch.setattr(
        run_facts.stored_evaluations, "listed", lambda store, run: [each for each in listed if each.run == run]
    )
    monkeypatch.setattr(run_facts.stored_evaluations, "stale", lambda store, actual: set())
    epoch = SimpleNamespace(number=2, accuracy=0.75, val_accuracy=watched)
    run = SimpleNamespace(id=1, status=status, recipe={"validate_on": watches})
    run_facts.reported(SimpleNamespace(run=run, reported=epoch, epochs=[1, 2, 3], snapshot=SimpleNamespace(name="S")))
    assert messages == answers
