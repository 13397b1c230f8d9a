"""Cost on the comparison page: the chosen cost, the front, and what was not measured."""

import platform

import pytest
from streamlit.testing.v1 import AppTest

from fercore.services.comparison import foreign_models
from fercore.services.training import snapshots
from fercore.settings import ROOT
from fercore.store.jobs import queue as job_queue
from fercore.store.training import runs
from tests.conftest import fill
from tests.pages.conftest import press, texts
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run

HERE = f"{platform.node()}, cpu"
LATENCY = {"one_ms": 5.0, "one_low": 4.5, "one_high": 6.0, "many_ms": 0.5, "repeats": 30}


@pytest.fixture
def two_runs(lite):
    """Two runs that read 32 and 24 of 40 faces, the first measured in all, the second by parameters alone."""
    fill(lite, "D", [HAPPY, SAD])
    fill(lite, "D", [HAPPY] * 40, "test", 50)
    snapshots.freeze(lite, "S", ["D"])
    first, second = run(lite), run(lite, seed=1)
    evaluate(lite, first, "D", "test", [HAPPY] * 32 + [SAD] * 8)
    evaluate(lite, second, "D", "test", [HAPPY] * 24 + [SAD] * 16)
    with lite.database.writing() as session:
        runs.set_values(session, first, params_total=2_000_000)
        runs.set_values(session, second, params_total=1_000_000)
        latency = {HERE: LATENCY, "another, gpu H200": LATENCY | {"one_ms": 1.0}}
        runs.note(session, first, {"macs": 3_000_000, "seconds": 60.0, "latency": latency})
    return lite


def view(**query):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params.update({"view": "cost"} | query)
    app.switch_page("pages/models/compare.py").run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param(
            {},
            ["On the Pareto front: Run 2 · VGG16 (1.00 M, 60.0%); Run 1 · VGG16 (2.00 M, 80.0%)."],
            id="parameters",
        ),
        pytest.param(
            {"cost": "flops"},
            ["On the Pareto front: Run 1 · VGG16 (0.006 GFLOPs, 80.0%).", "1 run is not shown: not measured."],
            id="operations",
        ),
        pytest.param({"cost": "latency"}, ["(5.00 ms, 80.0%)", f"as Predict reads it, on {HERE}"], id="latency here"),
        pytest.param({"cost": "latency", "machine": "another, gpu H200"}, ["(1.00 ms, 80.0%)"], id="elsewhere"),
        pytest.param({"cost": "seconds"}, ["(60 s, 80.0%)", "the machine that trained the run"], id="time"),
        pytest.param({"cost": "memory"}, ["Not measured: it is stored when a run is trained here."], id="nothing"),
        pytest.param({"cost": "x"}, ["(2.00 M, 80.0%)"], id="unknown"),
    ],
)
def test_the_address_says_which_cost_is_shown(two_runs, query, words):
    app = view(**query)
    shown = texts(app) + " ".join(box.value for box in app.info)
    assert [word for word in words if word not in shown.replace("\\", "")] == []
    assert {key: app.query_params[key] for key in query if query[key] != "x"} == {
        key: value for key, value in query.items() if value != "x"
    }


def test_what_was_not_measured_is_measured_as_a_job(two_runs):
    app = view(cost="latency")
    assert "FLOPs or latency of 1 run were not measured on this machine." in texts(app)
    press(app, "Measure 1 run")
    with two_runs.database.reading() as session:
        [job] = job_queue.recent(session, ("cost",), 5)
        assert job.arguments == {"runs": [2]} and job.status == "queued"


def test_the_paper_stands_beside_it(two_runs):
    frame = next(table.value for table in view().dataframe if "ImageNet top-1 (Table I)" in table.value)
    rows = frame.set_index("Backbone").loc["VGG16"]
    assert (rows["ImageNet top-1 (Table I)"], rows["Parameters"]) == (0.715, 14_847_815)
    assert rows["ms for a step of 64 faces"] == "41 – 62"


def test_runs_of_few_faces_stand_last_and_on_no_front(two_runs):
    fill(two_runs, "E", [HAPPY] * 2, "test", 200)
    third = run(two_runs, seed=2)
    with two_runs.database.writing() as session:
        runs.set_values(session, third, params_total=1_000)
    faces = two_runs.settings.data_dir / "few.csv"
    faces.write_text("face,prediction\n" + "".join(f"{n},happy\n" for n in faces_of(two_runs, "D", "test")[:2]))
    foreign_models.import_predictions(two_runs, faces, "theirs", "D", "test")
    for place, names, few in (("D/test", ["VGG16 · D"] * 2 + ["theirs"], [0, 0, 1]), ("E/test", ["VGG16 · D"], [1])):
        if place == "E/test":
            evaluate(two_runs, third, "E", "test", [HAPPY, HAPPY])
        app = view(place=place)
        frame = next(table.value for table in app.dataframe if "On the front by" in table.value)
        assert frame["Training"].tolist() == names
        assert frame["95 % interval"].str.contains("few faces").tolist() == [bool(each) for each in few]
        assert not any(frame["On the front by"][frame["95 % interval"].str.contains("few faces")])
        assert "Few faces: fewer than 30." in texts(app)
