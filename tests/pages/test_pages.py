"""Every page as AppTest runs it: empty, full, in both languages, with what goes wrong."""

from unittest.mock import Mock
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

from fercore.errors import InputError
from fercore.services.review import reviewers
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.settings import ROOT
from fercore.training.recipes.recipe import MODERN
from tests.pages.conftest import opened, shown, texts

PAGES = tuple(path.relative_to(ROOT / "pages").as_posix() for path in sorted((ROOT / "pages").glob("*/*.py")))


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
    assert [metric.value for metric in app.metric] == ["35", "0%", "1", "2", "–"]


def test_freeze_and_its_refusals(full):
    app = opened("curate/snapshots.py")
    app.text_input[0].set_value("s")
    app.button[0].click().run()
    assert "There is a snapshot 's' already" in texts(app)
    app.text_input[0].set_value("t")
    app.button[0].click().run()
    assert "'t' contains 35 faces" in texts(app)


def test_a_snapshot_is_prepared_for_the_browser(full):
    app = opened("curate/snapshots.py")
    app.selectbox(key="export-form-snapshot-s").set_value("csv").run()
    app.button(key="export-prepare-snapshot-s").click().run()
    assert not app.exception
    (button,) = [item for item in app.get("download_button") if "MB" in item.label]
    assert button.label.startswith("Download 0.")
    app.selectbox(key="export-form-snapshot-s").set_value("folder").run()
    assert not [item for item in app.get("download_button") if "MB" in item.label], "another form, another file"


@pytest.mark.parametrize("place", ["", "relative"])
def test_a_place_on_the_server_is_a_whole_path(full, place, tmp_path):
    app = opened("curate/datasets.py")
    app.text_input(key="export-to-dataset-D").set_value(place)
    app.button(key="export-write-dataset-D").click().run()
    assert "Give the whole path on the server" in texts(app)
    app.text_input(key="export-to-dataset-D").set_value(str(tmp_path))
    app.button(key="export-write-dataset-D").click().run()
    assert "exists already" in texts(app)


def test_many_faces_go_to_the_server(full, monkeypatch):
    monkeypatch.setattr("fercore.ui.datasets.export_form.MOST_FACES", 30)
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


@pytest.mark.parametrize(
    ("raised", "sentence"),
    [
        pytest.param(InputError("The setting gpus cannot be used."), "The setting gpus", id="a setting"),
        pytest.param(
            OperationalError("select", {}, Exception("no route")), "does not answer (no route)", id="database"
        ),
    ],
)
def test_what_keeps_the_whole_app_from_working_is_a_message(full, monkeypatch, raised, sentence):
    monkeypatch.setattr(reviewers, "listed", Mock(side_effect=raised))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert not app.exception
    assert any(sentence in shown(box.value) for kind in ("error", "warning") for box in app.get(kind))


def test_what_is_used_cannot_be_deleted_and_says_so_before_any_question(full):
    app = opened("curate/snapshots.py")
    next(box for box in app.selectbox if box.label == "Snapshot" and box.value is None).select("s").run()
    assert next(button for button in app.button if button.label.startswith("Delete 's'")).disabled
    assert "Runs 1, 2 were trained on snapshot 's': delete these runs first." in texts(app)
    waiting = run_service.start(full, TrainRequest("s", "VGG16", MODERN, "none", 5))
    for run, refused in ((1, False), (waiting, True)):
        app = opened("models/runs.py")
        app.selectbox(key="run").select(run).run()
        button = next(button for button in app.button if button.label == f"Delete run {run}")
        assert button.disabled == refused == (f"Run {run} still runs: cancel it first." in texts(app))
