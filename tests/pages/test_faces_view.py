"""Faces on the comparison page: what the address says is shown, and faces are sent to review."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fercore.services.comparison import selections
from fercore.services.comparison.selected_faces import Reason
from fercore.services.review import assignments
from fercore.services.training import snapshots
from fercore.settings import ROOT
from fercore.training.loop import dynamics
from tests.conftest import fill
from tests.pages.conftest import press, texts
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, run

EPOCHS = np.array([[[0.9, 0.8], [0.2, -0.3]], [[0.8, 0.7], [0.3, -0.1]]], np.float16)


@pytest.fixture
def three_runs(lite):
    """Three runs on 130 Happy and 20 Sad test faces: they say Sad to the first 100, 20 and 5 Happy ones. The first one
    kept the dynamics of its two training faces.
    """
    faces = fill(lite, "D", [HAPPY, SAD])
    fill(lite, "D", [HAPPY] * 130 + [SAD] * 20, "test", 50)
    snapshots.freeze(lite, "S", ["D"])
    numbers = [run(lite, seed=seed) for seed in range(3)]
    for number, wrong in zip(numbers, (100, 20, 5), strict=True):
        evaluate(lite, number, "D", "test", [SAD] * wrong + [HAPPY] * (130 - wrong) + [SAD] * 20)
    dynamics.write(lite.run_folder(numbers[0]), list(EPOCHS), np.array(faces))
    return lite


def view(**query):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params.update({"view": "faces"} | {key.replace("_", "-"): value for key, value in query.items()})
    app.switch_page("pages/models/compare.py").run()
    assert not app.exception, app.exception
    return app


def body(app):
    return " ".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize(
    ("query", "words", "faces"),
    [
        pytest.param(
            {"mistaken_run": "1"}, ["**100 mistakes**, the surest first (66.7% of 150 faces)"], 96, id="surest"
        ),
        pytest.param({}, ["**5 mistakes**"], 5, id="the newest run"),
        pytest.param({"mistaken_run": "2"}, ["**20 mistakes**"], 20, id="of another run"),
        pytest.param(
            {"mistaken_run": "1", "first": "24"},
            ["**100 mistakes**", "Faces 1 to 24 of 24, 100"],
            24,
            id="the first 24",
        ),
        pytest.param({"label": "Sad"}, ["No such face fits these filters."], 0, id="filtered"),
        pytest.param({"look": "all-wrong"}, ["**5 faces that all 3 runs get wrong**"], 5, id="all wrong"),
        pytest.param(
            {"look": "all-wrong", "mistaken_runs": "1,2"}, ["**20 faces that all 2 runs get wrong**"], 20, id="two runs"
        ),
        pytest.param({"look": "one-right"}, ["**15 faces that only one of 3 runs gets right**"], 15, id="one right"),
        pytest.param({"look": "one-right", "right_run": "1"}, ["No such face fits"], 0, id="another run right"),
        pytest.param({"look": "agreement"}, ["150 faces. 1: always the same answer"], 0, id="agreement"),
        pytest.param({"look": "agreement", "agreement_of": "mistakes"}, ["Of the faces that both"], 0, id="mistakes"),
        pytest.param({"look": "dynamics"}, ["**2 training faces** over 2 epochs"], 0, id="dynamics"),
        pytest.param({"look": "dynamics", "learning_run": "2"}, ["Run 2 has no training dynamics"], 0, id="none kept"),
        pytest.param({"look": "nothing", "mistaken_run": "99", "first": "x"}, ["**5 mistakes**"], 5, id="unknown"),
    ],
)
def test_the_address_says_what_is_shown(three_runs, query, words, faces):
    app = view(**query)
    shown = texts(app) + " ".join(box.value for box in app.info)
    assert [word for word in words if word not in shown] == []
    assert body(app).count('data-testid="wall-face"') == faces
    known = {key.replace("_", "-"): value for key, value in query.items() if value not in ("99", "x", "nothing")}
    assert {key: app.query_params[key] for key in known} == known


def test_the_run_that_is_right_is_named_below_the_face(three_runs):
    app = view(look="one-right")
    assert "Run 3: Happy 70%" in body(app) and "Run 1: Sad 70%" in body(app)


def test_agreement_is_a_table_with_heads(three_runs):
    app = view(look="agreement", agreement_of="equal")
    table = body(app)
    assert table.count('scope="col"') == table.count('scope="row"') == 3 and ">90%<" in table


def test_mistakes_are_sent_with_control_faces(three_runs):
    app = view(look="all-wrong")
    assert "5 control faces from outside of these are mixed in" in texts(app)
    press(app, "Send 5 faces")
    assert "The task was made: 5 chosen faces, 5 control faces." in texts(app)
    [status] = assignments.listed(three_runs)
    look = selections.of_task(three_runs, status.task.id)
    assert look is not None and (look.reason, look.runs) == (Reason.ALL_WRONG, (1, 2, 3))
    assert look.filter == {"count": 96}


def test_training_faces_are_sent_without_control_faces(three_runs):
    app = view(look="dynamics", label="Sad")
    press(app, "Send 1 face")
    assert "The task was made: 1 chosen face, 0 control faces." in texts(app)
    [status] = assignments.listed(three_runs)
    look = selections.of_task(three_runs, status.task.id)
    assert look is not None and look.filter == {"order": "margin", "label": "Sad", "count": 96}


@pytest.mark.parametrize("look", ["all-wrong", "one-right", "agreement"])
def test_of_one_run_it_says_what_is_missing(lite, look):
    fill(lite, "D", [HAPPY, SAD])
    fill(lite, "D", [HAPPY], "test", 50)
    snapshots.freeze(lite, "S", ["D"])
    evaluate(lite, run(lite), "D", "test", [SAD])
    assert "This needs two runs" in " ".join(box.value for box in view(look=look).info)
