"""Training faces by their dynamics: orders, filters, and the way into review."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InputError
from fercore.jobs import queue
from fercore.services.comparison import selected_faces, selections, training_faces
from fercore.services.comparison.selected_faces import Reason, Sending
from fercore.services.comparison.training_faces import DynamicsOrder, TrainingQuery
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.store.tables import Task
from fercore.training.loop import dynamics
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, run
from tests.services.training.test_training_dynamics import EPOCHS
from tests.store.review.test_decisions import decide

LAST_LOSSES = -np.log([1.0, 0.5, 0.8, 0.1])


def learned(store):
    """A run that learned two faces of D and two of E; see EPOCHS for how."""
    faces = [*fill(store, "D", [HAPPY, SAD]), *fill(store, "E", [HAPPY, SAD], start=20)]
    snapshots.freeze(store, "S", ["D", "E"])
    number = run(store)
    dynamics.write(store.run_folder(number), list(EPOCHS), np.array(faces))
    return number, faces


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [3, 1, 2, 0], id="lowest margin"),
        pytest.param({"order": DynamicsOrder.VARIABILITY}, [2, 1, 0, 3], id="highest variability"),
        pytest.param({"order": DynamicsOrder.FORGETTING}, [1, 2, 3, 0], id="most forgotten, then lowest margin"),
        pytest.param({"order": DynamicsOrder.LAST_LOSS}, [3, 1, 2, 0], id="highest last loss"),
        pytest.param({"label": HAPPY}, [2, 0], id="by label"),
        pytest.param({"dataset": "D"}, [1, 0], id="by dataset"),
        pytest.param({"dataset": "D", "label": HAPPY}, [0], id="by both"),
        pytest.param({"count": 3}, [3, 1, 2], id="the first three"),
    ],
)
def test_orders_and_filters(store, changes, expected):
    number, faces = learned(store)
    found = training_faces.find(store, TrainingQuery(number, **changes))
    assert [each.face_id for each in found.found] == [faces[at] for at in expected]
    assert [each.last_loss for each in found.found] == pytest.approx(LAST_LOSSES[expected].tolist(), abs=2e-3)
    assert (found.epochs, found.datasets) == (3, ("D", "E"))
    assert found.every == (4 if "count" in changes else len(expected))


def test_they_are_sent_with_their_reason_and_labels_seen(store):
    number, faces = learned(store)
    decide(store, "Kim", faces[3], emotion=HAPPY)
    found = training_faces.find(store, TrainingQuery(number, dataset="E"))
    assert [(each.face_id, each.unchanged) for each in found.found] == [(faces[3], False), (faces[2], True)]
    sent = selected_faces.write(store, training_faces.chosen(store, found), Sending("Hard to learn"))
    assert (sent.faces, sent.control) == (1, 0)
    with store.database.reading() as session:
        assert session.get_one(Task, sent.task).source == "shown"
    look = selections.of_task(store, sent.task)
    assert look is not None and (look.reason, look.runs, look.dataset) == (Reason.DYNAMICS, (number,), "E")
    assert (look.filter, look.split) == ({"order": "margin"}, "train")


def test_a_run_on_all_gpus_says_why_it_has_none(store, monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda store: None)
    fill(store, "D", [HAPPY, SAD])
    snapshots.freeze(store, "S", ["D"])
    number = run_service.start(store, TrainRequest("S", "VGG16", MODERN, "none", 0, all_gpus=True))
    with pytest.raises(InputError, match="trained on all GPUs at once, where they are not kept"):
        training_faces.find(store, TrainingQuery(number))
    assert not training_faces.is_kept(store, number)


def test_the_command_prints_and_sends(lite):
    number, faces = learned(lite)
    words = ["training-faces", str(number), "--order", "forgetting", "--json"]
    done = CliRunner().invoke(cli, words)
    assert [row["face"] for row in json.loads(done.stdout)["faces"]] == [faces[at] for at in (1, 2, 3, 0)]
    refused = CliRunner().invoke(cli, [*words, "--send", "X"])
    assert refused.exit_code == 2 and "--dataset" in refused.stderr
    sent = json.loads(CliRunner().invoke(cli, [*words, "--dataset", "D", "--send", "X"]).stdout)["sent"]
    assert (sent["faces"], sent["control"]) == (2, 0)
    assert "forgotten" in CliRunner().invoke(cli, words[:-1]).stdout
