"""The page Datasets: what is looked at, imported, described, prepared and listed."""

import pytest
from sqlalchemy import select

from fercore.services.datasets import catalogue, import_problems, imports
from fercore.services.datasets.imports import ImportRequest
from fercore.services.training import snapshots
from fercore.store.jobs import queue
from fercore.store.tables import Import, Job
from tests.conftest import fill
from tests.pages.conftest import opened, press, shown, texts
from tests.services.datasets.test_imports import csv_file, row
from tests.sources.generated.aihub import aihub_tree
from tests.store.review.test_decisions import decide


def look_first(app):
    return next(button for button in app.button if button.label == "Preview")


def test_a_source_is_looked_at_before_anything_is_stored(lite, tmp_path):
    tree = aihub_tree(tmp_path)
    app = opened("curate/datasets.py")
    app.selectbox(key="source").select("aihub").run()
    app.text_input(key="import-path").input(str(tree.root))
    look_first(app).click().run()
    assert not app.exception, app.exception
    assert catalogue.summaries(lite) == []
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
    monkeypatch.setattr(import_problems, "LISTED", 2)
    bad = ["3,1 2 3,Training"] * 5
    imports.import_source(lite, ImportRequest("fer2013", csv_file(tmp_path, [row(3, 0), *bad]), "D", skip_bad=True))
    with lite.database.writing() as writing:
        [scalar] = writing.scalars(select(Import))
        scalar.skipped = [*scalar.skipped, {"where": "kim.jpg", "why": import_problems.CHANGED, "kind": "changed"}]
    app = opened("curate/datasets.py")
    titles = [expander.label for expander in app.expander]
    assert {"5 not used", "1 imported again: changed since it was first read"} <= set(titles)
    assert [len(frame.value) for frame in app.dataframe if "Why" in frame.value][-2:] == [2, 1]
    assert "All of them as CSV" in downloads(app)


def test_a_job_tells_changed_photos_from_unused_ones(lite):
    result = {
        "faces": 1, "photos": 2, "unreadable": [], "without_face": ["wall.png"], "changed": ["kim.jpg"],
        "more": {"without_face": 1999}, "problems": "",
    }  # fmt: skip
    with lite.database.writing() as writing:
        job = Job(kind="extract", title="t", lane="disk", arguments={}, submitted_by="tester")
        queue.submit(writing, job)
        job.status, job.result = "done", result
    app = opened("curate/datasets.py")
    titles = [expander.label for expander in app.expander]
    assert {"2,000 not used", "1 imported again: changed since it was first read"} <= set(titles)
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


def test_what_a_snapshot_uses_cannot_be_deleted_and_says_so_before_any_question(full):
    snapshots.freeze(full, "t **x**", ["D"])
    app = opened("curate/datasets.py")
    for key in ("delete-1", "undo-1", "undo-2"):
        assert app.button(key=key).disabled, key
    messages = [shown(caption.value) for caption in app.caption]
    assert ":material/info: Dataset 'D' is used by snapshots 's', 't **x**': delete these snapshots first." in messages
    assert any(message.startswith(":material/info: This import is used by snapshots") for message in messages)


def test_what_no_snapshot_uses_can_be_deleted(lite):
    fill(lite, "D", [3])
    app = opened("curate/datasets.py")
    assert not app.button(key="delete-1").disabled and not app.button(key="undo-1").disabled


def test_charts_say_what_they_leave_out(lite):
    decide(lite, "a", fill(lite, "D", [3, 4, None])[0], reason="blurred")
    app = opened("curate/datasets.py")
    app.session_state["tabs-1"] = "Distributions"
    app.run()
    assert "Left out: 1 rejected; 1 unlabelled." in texts(app)


def test_a_prepared_export_says_what_is_in_it(lite):
    ids = fill(lite, "D", [3, 4, None])
    decide(lite, "a", ids[0], reason="blurred")
    app = opened("curate/datasets.py")
    press(app, "Prepare the download")
    assert "1 face, 1 file. Left out: 1 rejected; 1 unlabelled." in texts(app)
    app.selectbox(key="export-form-dataset-D").select("parquet").run()
    press(app, "Prepare the download")
    assert "3 faces, 1 file, 1 of them rejected, 1 of them without a label." in texts(app)
