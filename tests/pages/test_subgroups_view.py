"""Emotions, subgroups and slices on the comparison page: what the address says is drawn, and a slice is sent."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from fercore.services.comparison import selections
from fercore.services.comparison.selected_faces import Reason
from fercore.services.review import assignments
from fercore.services.training import snapshots
from fercore.settings import ROOT
from fercore.store.datasets import datasets
from tests.conftest import fill
from tests.pages.conftest import opened, press, texts
from tests.services.comparison.attributed import judge, of_old_men, people
from tests.services.comparison.conftest import run


@pytest.fixture
def judged(lite):
    """Two runs on D, of which the first misreads old men and has validation faces, and on E without attributes."""
    people(lite, "D", "train", 14, 0)
    people(lite, "D", "validation", 630, 100)
    people(lite, "D", "test", 420, 900)
    fill(lite, "E *x*", [number % 7 for number in range(70)], "test", 1500)
    snapshots.freeze(lite, "S", ["D"])
    numbers = run(lite), run(lite, seed=1)
    judge(lite, numbers[0], "D", "validation", of_old_men)
    for number, accuracy in zip(numbers, (of_old_men, lambda _: 0.9), strict=True):
        judge(lite, number, "D", "test", accuracy, number)
        judge(lite, number, "E *x*", "test", lambda _: 0.7, number)
    return lite


def view(name, language="en", **query):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = language
    app.query_params.update({"view": name} | {key.replace("_", "-"): value for key, value in query.items()})
    app.switch_page("pages/models/compare.py").run()
    assert not app.exception and not app.error, (app.exception, app.error)
    return app


def frames(app):
    return [frame.value for frame in app.dataframe]


def charts(app):
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def names(chart):
    return [trace["name"] for trace in chart["data"] if "name" in trace]


@pytest.mark.parametrize(
    ("query", "curves"),
    [
        pytest.param({}, 7, id="all"),
        pytest.param({"curves": "sad"}, 1, id="one emotion"),
        pytest.param({"emotions_beside": "1"}, 2, id="two runs"),
        pytest.param({"emotions_run": "1", "emotions_beside": "2", "curves": "happy"}, 2, id="the other way round"),
        pytest.param({"place": "E *x*/test", "emotions_beside": "7", "curves": "nonsense"}, 7, id="unknown choices"),
    ],
)
def test_emotions_are_as_the_address_says(judged, query, curves):
    app = view("emotions", **query)
    figures = frames(app)[0]
    assert len(figures) == 7 * (2 if curves == 2 else 1) and figures["Recall"].str.match(r"\d+\.\d% \(").all()
    assert figures["AUC"].str.match(r"0\.\d{3} \(0\.\d{3} – ").all()
    roc, precision = charts(app)
    assert len(names(roc)) == len(names(precision)) == curves and "AUC" in texts(app)
    for key, value in query.items():
        if value not in ("7", "nonsense"):
            assert app.query_params[key.replace("_", "-")] == value


def test_two_runs_are_tested_by_emotion(judged):
    app = view("emotions", emotions_run="1", emotions_beside="2", emotions_figure="auc")
    changes = frames(app)[1]
    assert (changes["p after Holm"] >= changes["p"]).all() and "Run 1 − run 2 by emotion" in texts(app)
    app.segmented_control(key="emotions-figure").select("f1").run()
    assert app.query_params["emotions-figure"] == "f1"
    assert "Shown at 5 % after Holm" in texts(app) or "No evidence of a difference on any emotion" in texts(app)


def test_groups_and_their_gaps(judged):
    app = view("subgroups", subgroup_run="1", subgroup_dataset="D")
    assert "Gender: female is " in texts(app) and "after Holm" in texts(app)
    groups, gaps = frames(app)
    assert list(groups["Group"][:2]) == ["female", "male"] and set(groups["Note"]) == {""}
    assert list(gaps["Attribute"][:2]) == ["Gender", "Age"] and (gaps["p after Holm"] >= gaps["p"]).all()
    app.selectbox(key="subgroup-measure").select("macro-f1").run()
    assert not app.exception and app.query_params["subgroup-measure"] == "macro-f1"


def test_several_runs_over_all_datasets(judged):
    app = view("subgroups", subgroup_run="1", subgroup_beside="2")
    assert app.selectbox(key="subgroup-dataset").value == "*"
    groups, gaps = frames(app)
    assert {"Run 1", "Run 2"} <= set(groups) and set(gaps["Run"]) == {1, 2}
    assert "E *x*" in list(groups["Group"]) and sorted(set(names(charts(app)[0]))) == ["Run 1", "Run 2"]
    assert "Run 1 · Gender" in texts(app) and "Run 2 · Gender" not in texts(app)


def test_faces_without_attributes_say_so(judged):
    with judged.database.writing() as session:
        from sqlalchemy import update

        from fercore.store.tables import Face

        about = {name: None for name in ("sharpness", "brightness", "contrast", "box")}
        session.execute(update(Face).where(Face.dataset_id == datasets.named(session, "E *x*").id).values(about))
    text = texts(view("subgroups", subgroup_dataset="E *x*"))
    assert "Faces of one person" not in text and "70 faces." in text


def test_a_slice_is_found_listed_and_sent(judged):
    app = view("subgroups", subgroups="slices", slices_by="without-label")
    assert "Gender: male · Age: 40–49: " in texts(app) and "points below all others" in texts(app)
    table = frames(app)[0]
    assert table["Slice"][0] == "Gender: male · Age: 40–49" and table["p after Holm"][0] < 0.001
    tiles = " ".join(element.proto.body for element in app.get("html")).count("data-face-id")
    assert tiles == len(frames(app)[1]) > 20
    app.text_input(key="send-name").set_value("Second look at D").run()
    press(app, f"Send {tiles} faces")
    assert f"The task was made: {tiles} chosen faces, {tiles} control faces." in texts(app)
    [task] = assignments.listed(judged)
    assert "Weak slice" not in texts(app)
    [look] = selections.of_reason(judged, judged_id(judged), "test", Reason.SLICE, [1])
    assert look.task == task.task.id and look.filter["shown"] == "misread"
    app.segmented_control(key="slice-faces").select("right").run()
    assert app.query_params["slice-faces"] == "right" and not app.exception


def judged_id(store):
    with store.database.reading() as session:
        return datasets.named(session, "D").id


def test_the_reason_of_a_slice_is_told_at_its_task(judged):
    app = view("subgroups", subgroups="slices")
    next(button for button in app.button if button.key == "send").click().run()
    assert "Reason: run 1 · test · Weak slice · Gender: male · Age: 40–49, misread" in texts(opened("curate/tasks.py"))


def test_without_validation_faces_the_way_is_said(judged):
    app = view("subgroups", subgroups="slices", slices_run="2")
    assert "evaluate run 2 on a validation split" in texts(app)


@pytest.mark.parametrize("query", [{}, {"subgroups": "slices"}])
def test_all_of_it_is_korean(judged, query):
    text = texts(view("subgroups", "ko", **query))
    assert "홀름 보정" in text and "Gender" not in text and "after Holm" not in text
