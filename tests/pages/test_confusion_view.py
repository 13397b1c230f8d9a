"""Confusion on the comparison page: what the address says is drawn, and a cell's faces are filtered and sent."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fercore.services.comparison import evaluation, selections, stored_evaluations
from fercore.services.review import assignments
from fercore.services.training import snapshots
from fercore.settings import ROOT
from fercore.store.tables import Face
from tests.conftest import fill
from tests.pages.conftest import press, texts
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run
from tests.store.review.test_decisions import decide

CELL = f"{HAPPY}-{SAD}"


@pytest.fixture
def two_runs(lite):
    """Two runs on 130 Happy and 20 Sad test faces: the first says Sad to 100 Happy ones, the second to 20."""
    fill(lite, "D", [HAPPY, SAD])
    faces = fill(lite, "D", [HAPPY] * 130 + [SAD] * 20, "test", 50)
    with lite.database.writing() as session:
        for number, face in enumerate(faces[:100]):
            row = session.get_one(Face, face)
            row.subject, row.gender, row.age = f"p{number % 5}", ("female", "male")[number % 2], (20, 30)[number % 2]
    snapshots.freeze(lite, "S", ["D"])
    numbers = [run(lite, seed=seed) for seed in range(2)]
    for number, wrong in zip(numbers, (100, 20), strict=True):
        evaluate(lite, number, "D", "test", [SAD] * wrong + [HAPPY] * (130 - wrong) + [SAD] * 20)
    return lite


def view(**query):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params.update(
        {"view": "confusion", "evaluation": "1"} | {key.replace("_", "-"): v for key, v in query.items()}
    )
    app.switch_page("pages/models/compare.py").run()
    assert not app.exception, app.exception
    return app


def wall(app):
    return sum(element.proto.body.count('data-testid="wall-face"') for element in app.get("html"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param({}, ["Most frequent confusions: Happy → Sad: 100 (76.9%)."], id="one run"),
        pytest.param({"other": "2"}, ["150 faces that both runs read", "Run 2: Most frequent"], id="side by side"),
        pytest.param(
            {"other": "2", "matrices": "difference", "cell": CELL},
            [
                "Of 130 faces labelled Happy, run 1 says Sad to 76.9% and run 2 to 15.4%: −61.5 points",
                "after Holm over 14 cells",
            ],
            id="difference",
        ),
        pytest.param({"other": "2", "labels": "now"}, ["Both count with the labels of now."], id="labels of now"),
        pytest.param({"cell": CELL}, ["100 faces labelled Happy, predicted Sad", "Faces 1 to 96 of 100"], id="a cell"),
        pytest.param({"cell": CELL, "faces_page": "2"}, ["Faces 97 to 100 of 100"], id="its second page"),
        pytest.param({"cell": CELL, "gender": "female", "subject": "p0"}, ["Faces 1 to 10 of 10, 100"], id="filtered"),
        pytest.param({"cell": CELL, "from": "75"}, ["No face of this cell fits these filters."], id="none fits"),
        pytest.param({"cell": CELL, "other": "2", "faces_of": "only-a"}, ["Faces 1 to 80 of 80"], id="of A only"),
        pytest.param({"cell": "9-9", "other": "77", "shares": "x"}, ["Most frequent"], id="nothing that is known"),
    ],
)
def test_the_address_says_what_is_drawn(two_runs, query, words):
    app = view(**query)
    assert [word for word in words if word not in texts(app)] == []
    known = {key.replace("_", "-"): value for key, value in query.items() if value not in ("77", "x")}
    assert {key: app.query_params[key] for key in known} == known


def test_clusters_and_shares_are_chosen(two_runs):
    app = view()
    app.selectbox(key="shares").select("columns").run()
    app.selectbox(key="emotions").select("clustered").run()
    assert not app.exception and (app.query_params["shares"], app.query_params["emotions"]) == ("columns", "clustered")


def test_the_faces_shown_are_sent_with_control_faces(two_runs):
    app = view(cell=CELL, gender="male", age="30")
    assert wall(app) == 50
    assert "50 control faces from outside of these are mixed in" in texts(app)
    press(app, "Send 50 faces")
    assert "The task was made: 50 chosen faces, 50 control faces." in texts(app)
    [status] = assignments.listed(two_runs)
    look = selections.of_task(two_runs, status.task.id)
    assert (look.run, look.label, look.predicted, look.filter) == (1, HAPPY, SAD, {"gender": "male", "age": 30})
    assert "Second look at this cell" in texts(app)


def test_old_and_new_figures_stand_side_by_side(two_runs):
    selections.send(two_runs, selections.SelectionPlan(1, HAPPY, SAD, "Second look"))
    for face in faces_of(two_runs, "D", "test")[:13]:
        decide(two_runs, "Kim", face, emotion=SAD)
    evaluation.recount(two_runs, "D", "test")
    app = view()
    assert int(app.query_params["evaluation"]) > 2 and app.query_params["counted"] == "1", "a link to an older one"
    app.selectbox(key="counted").select_index(0).run()
    warned = " ".join(box.value for box in app.warning)
    assert "Labels changed after selection by run 1." in warned
    frame = next(table.value for table in app.dataframe if "Mark" in table.value)
    np.testing.assert_allclose(frame["Accuracy"], [50 / 150, 63 / 150])
    assert frame["Mark"].tolist() == ["", "labels changed after selection by run 1"]
    [first, second] = stored_evaluations.listed(two_runs)
    assert first.selected_by == second.selected_by == (1,)


def test_the_cell_is_compared_before_and_after(two_runs):
    selections.send(two_runs, selections.SelectionPlan(1, HAPPY, SAD, "Second look"))
    newer = run(two_runs, seed=7)
    evaluate(two_runs, newer, "D", "test", [SAD] * 30 + [HAPPY] * 100 + [SAD] * 20)
    app = view(other=str(newer), matrices="difference", labels="now", cell=CELL)
    assert "The same cell before and after: it was chosen on" in " ".join(box.value for box in app.success)
    assert f"Less often in run {newer} (p < 0.001)." in texts(app)
    earlier = view(other="2", matrices="difference", labels="now", cell=CELL)
    assert not earlier.success and "after Holm over 14 cells" in texts(earlier), "trained before the selection"


def test_the_lead_finds_the_reason_of_a_task_and_its_cell(two_runs):
    selections.send(two_runs, selections.SelectionPlan(1, HAPPY, SAD, "Second look"))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.switch_page("pages/curate/tasks.py").run()
    assert not app.exception, app.exception
    assert "Reason: run 1 · test · labelled Happy, predicted Sad" in texts(app)
    links = [element.proto.query_string for element in app.get("page_link")]
    assert [link for link in links if f"cell={CELL}" in link and "evaluation=1" in link]
    offered = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    offered.switch_page("pages/curate/review.py").run()
    assert "predicted" not in texts(offered) and "Happy" not in texts(offered)
