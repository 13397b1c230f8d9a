"""Every page as AppTest runs it: empty, full, in both languages, with what goes wrong."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from fercore.services import datasets, freezing, importing, problems, training
from fercore.services.importing import ImportRequest
from fercore.services.training import TrainRequest
from fercore.settings import ROOT
from fercore.store import jobs
from fercore.store.runs import Scored
from fercore.store.tables import Epoch, Evaluation, Import, Job
from fercore.training.recipe import MODERN
from fercore.ui import session
from tests.conftest import fill
from tests.services.test_importing import csv_file, row
from tests.sources.generated.aihub import aihub_tree
from tests.store.test_decisions import decide

PAGES = (
    "start/home.py",
    "curate/datasets.py",
    "curate/review.py",
    "curate/snapshots.py",
    "models/train.py",
    "models/recipes.py",
    "models/sweeps.py",
    "models/runs.py",
    "models/compare.py",
    "demo/predict.py",
)


@pytest.fixture(autouse=True)
def fresh_store():
    """The app keeps one store for all sessions; each test has its own."""
    session.store.clear()
    yield
    session.store().database.close()
    session.store.clear()


def opened(page, language="en"):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = language
    app.run()
    if page != PAGES[0]:
        app.switch_page(f"pages/{page}").run()
    assert not app.exception, app.exception
    return app


def texts(app):
    return " ".join(
        str(e.value) for kind in ("title", "markdown", "info", "caption", "warning", "success") for e in app.get(kind)
    )


@pytest.fixture
def full(lite):
    """Faces, a snapshot, a finished run with epochs and an evaluation, and a failed run."""
    import numpy as np

    from fercore.store import datasets, runs

    faces = fill(lite, "D", [number % 7 for number in range(21)])
    fill(lite, "D", [number % 7 for number in range(14)], "validation", 100)
    freezing.freeze(lite, "s", ["D"])
    done, failed = (training.create(lite, TrainRequest("s", "VGG16", MODERN, "none", seed)) for seed in (0, 1))
    with lite.database.writing() as writing:
        for number in (1, 2):
            runs.add_epoch(
                writing, Epoch(run_id=done, number=number, loss=1.0, accuracy=0.5, learning_rate=0.1, seconds=3)
            )
        runs.set_values(writing, done, status="done", reported_epoch=2, params_total=10, params_trainable=9)
        runs.set_values(writing, failed, status="failed", error="The loss is nan.")
        labels = np.arange(21) % 7
        probabilities = np.eye(7, dtype=np.float32)[(labels + (np.arange(21) < 7)) % 7]
        counts = np.zeros((7, 7), int)
        np.add.at(counts, (labels, probabilities.argmax(1)), 1)
        evaluation = Evaluation(
            run_id=done,
            dataset_id=datasets.named(writing, "D").id,
            split="train",
            n=21,
            accuracy=14 / 21,
            confusion=counts.tolist(),
        )
        runs.replace_evaluation(writing, evaluation, Scored(faces, labels, probabilities))
    return lite


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("page", PAGES)
def test_empty(page, language):
    app = opened(page, language)
    assert app.title[0].value
    assert app.info or app.button or app.get("page_link"), "an empty page says what to do"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("page", PAGES)
def test_full(full, page, language):
    app = opened(page, language)
    assert app.title[0].value


def test_home_counts(full):
    app = opened("start/home.py")
    assert [metric.value for metric in app.metric] == ["35", "0%", "1", "2", "66.7%"]


def test_freeze_and_its_refusals(full):
    app = opened("curate/snapshots.py")
    app.text_input[0].set_value("s")
    app.button[0].click().run()
    assert "There is a snapshot 's' already" in texts(app)
    app.text_input[0].set_value("t")
    app.button[0].click().run()
    assert "'t' holds 35 faces" in texts(app)


def test_a_snapshot_is_prepared_for_the_browser(full):
    app = opened("curate/snapshots.py")
    app.selectbox(key="export-form-snapshot-s").set_value("csv").run()
    app.button(key="export-prepare-snapshot-s").click().run()
    assert not app.exception
    (button,) = [one for one in app.get("download_button") if "MB" in one.label]
    assert button.label.startswith("Download 0.")
    app.selectbox(key="export-form-snapshot-s").set_value("folder").run()
    assert not [one for one in app.get("download_button") if "MB" in one.label], "another form, another file"


@pytest.mark.parametrize("place", ["", "relative"])
def test_a_place_on_the_server_is_a_whole_path(full, place, tmp_path):
    app = opened("curate/datasets.py")
    app.text_input(key="export-to-dataset-D").set_value(place)
    app.button(key="export-write-dataset-D").click().run()
    assert "Give the whole path on the server" in texts(app)
    app.text_input(key="export-to-dataset-D").set_value(str(tmp_path))
    app.button(key="export-write-dataset-D").click().run()
    assert "exists and is not empty" in texts(app)


def test_many_faces_go_to_the_server(full, monkeypatch):
    monkeypatch.setattr("fercore.ui.exporting.MOST_FACES", 30)
    app = opened("curate/snapshots.py")
    assert "More than 30 faces are too many for a browser" in texts(app)
    assert "Prepare the download" not in [button.label for button in app.button]


def test_a_failed_run_says_why(full):
    app = opened("models/runs.py")
    assert "The loss is nan." in texts(app)
    assert "Resume" in [button.label for button in app.button]


def test_import_without_a_file_is_a_calm_sentence():
    app = opened("curate/datasets.py")
    next(button for button in app.button if button.label == "Import").click().run()
    assert "Choose a file, or give a path on the server." in texts(app)
    app.text_input(key="import-path").set_value(f"/nowhere/{uuid4()}")
    next(button for button in app.button if button.label == "Import").click().run()
    assert "The server has no" in texts(app)


def test_training_warns_before_it_starts(full):
    app = opened("models/train.py")
    app.selectbox(key="recipe").set_value("paper").run()
    assert "Fewer than 20 training faces show Angry" in texts(app)


def look_first(app):
    return next(button for button in app.button if button.label == "Look first")


def test_a_source_is_looked_at_before_anything_is_stored(lite, tmp_path):
    tree = aihub_tree(tmp_path)
    app = opened("curate/datasets.py")
    app.selectbox(key="source").select("aihub").run()
    app.text_input(key="import-path").input(str(tree.root))
    look_first(app).click().run()
    assert not app.exception, app.exception
    assert datasets.summaries(lite) == []
    assert any("10" in str(text.value) for text in app.markdown), "ten photos were seen"
    assert app.button(key="start-import")


@pytest.mark.parametrize(
    ("source", "offered"),
    [("fer2013", False), ("folder", False), ("aihub", True), ("ckplus", True), ("jaffe", True), ("parquet", True)],
)
def test_only_what_names_persons_can_be_split_by_person(lite, source, offered):
    app = opened("curate/datasets.py")
    app.selectbox(key="source").select(source).run()
    choices = app.selectbox(key=f"import-split-{source}").options
    assert ("by person: 80 %, 10 %, 10 %" in choices, len(choices)) == (offered, 6 if offered else 5)


def test_a_wrong_path_is_a_calm_sentence(lite):
    app = opened("curate/datasets.py")
    app.text_input(key="import-path").input("/nowhere/at/all")
    look_first(app).click().run()
    assert not app.exception
    assert "/nowhere/at/all" in texts(app)


def test_a_dataset_is_described(full):
    app = opened("curate/datasets.py")
    assert {metric.label for metric in app.metric} >= {"Faces", "People", "Reviewed"}
    app.session_state["tabs-1"] = "Distributions"
    app.run()
    assert app.get("plotly_chart")
    app.text_input(key="person").input("nobody").run()
    assert "no person 'nobody'" in texts(app)


def downloads(app):
    return [button.label for button in app.get("download_button")]


def test_a_prepared_download_goes_with_what_it_shows(full):
    app = opened("curate/datasets.py")
    app.button(key="export-prepare-dataset-D").click().run()
    assert any("MB" in label for label in downloads(app))
    decide(full, "anna", 1, emotion=5)
    app.run()
    assert not any("MB" in label for label in downloads(app)), "a label has changed since"


def test_what_was_not_used_is_listed_with_its_import(lite, tmp_path, monkeypatch):
    monkeypatch.setattr(problems, "LISTED", 2)
    bad = ["3,1 2 3,Training"] * 5
    importing.import_source(lite, ImportRequest("fer2013", csv_file(tmp_path, [row(3, 0), *bad]), "D", skip_bad=True))
    with lite.database.writing() as writing:
        [one] = writing.scalars(select(Import))
        one.skipped = [*one.skipped, {"where": "kim.jpg", "why": problems.CHANGED, "kind": "changed"}]
    app = opened("curate/datasets.py")
    titles = [expander.label for expander in app.expander]
    assert {"5 not used", "1 imported anew: changed since they were read first"} <= set(titles)
    assert [len(frame.value) for frame in app.dataframe if "Why" in frame.value][-2:] == [2, 1]
    assert "All of them as CSV" in downloads(app)


def test_a_job_tells_changed_photos_from_unused_ones(lite):
    result = {
        "faces": 1, "photos": 2, "unreadable": [], "without_face": ["wall.png"], "changed": ["kim.jpg"],
        "more": {"without_face": 1999}, "problems": "",
    }  # fmt: skip
    with lite.database.writing() as writing:
        job = Job(kind="extract", title="t", lane="disk", arguments={}, submitted_by="tester")
        jobs.submit(writing, job)
        job.status, job.result = "done", result
    app = opened("curate/datasets.py")
    titles = [expander.label for expander in app.expander]
    assert {"2,000 not used", "1 imported anew: changed since they were read first"} <= set(titles)
    assert "2000 without a face" in texts(app)


def test_an_upload_that_is_looked_at_is_kept_once(lite, tmp_path):
    app = opened("curate/datasets.py")
    first, second = (csv_file(tmp_path, [row(3, number)]).read_bytes() for number in (0, 1))
    for name, data, expected in (("a.csv", first, "a.csv"), ("a.csv", None, "a.csv"), ("b.csv", second, "b.csv")):
        if data is not None:
            app.file_uploader(key="import-file").set_value((name, data, "text/csv"))
        look_first(app).click().run()
        assert not app.exception, app.exception
        assert [file.name for file in lite.uploads.rglob("*.csv")] == [expected]
    app.file_uploader(key="import-file").set_value(("c.csv", b"no such header", "text/csv"))
    look_first(app).click().run()
    assert [file.name for file in lite.uploads.rglob("*.csv")] == ["c.csv"]
