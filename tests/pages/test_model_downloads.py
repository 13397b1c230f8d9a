"""Files of a run's model on Runs: not made, being made, failed with its reason, checked and handed out."""

import pytest

from fercore.jobs import queue
from fercore.services.prediction import conversion, model_export
from fercore.services.prediction.model_export import ModelExportJob
from fercore.statuses import Status
from fercore.store.jobs import queue as table
from fercore.store.training import runs
from tests.finished_run import finished
from tests.pages.conftest import opened, press, texts
from tests.prediction import onnx_models as models


@pytest.fixture
def trained(lite):
    finished(lite)
    return lite


def fail(store):
    with store.database.writing() as session:
        facts = {"onnx": {"error": "The conversion failed: **no** room", "at": "2026-01-01T00:00:00+00:00"}}
        runs.note(session, 1, {"exports": facts})


def test_a_file_is_asked_for_made_and_handed_out(trained, monkeypatch):
    assert queue.advance(trained) is None  # nothing starts by itself here
    app = opened("models/runs.py")
    assert "**ONNX** · not made yet" in texts(app)
    press(app, "Make ONNX")
    assert "**ONNX** · is being made" in texts(app)
    with trained.database.reading() as session:
        assert table.active_arguments(session, "export model") == [{"run": 1, "format": "onnx"}]
    with trained.database.writing() as session:
        for job in table.active(session):
            job.status = Status.DONE
    made = (models.sound(), conversion.Converted(18, 3.2e-6))
    monkeypatch.setattr(conversion, "converted", lambda *_: made)
    model_export.make(trained, ModelExportJob(run=1))
    app = opened("models/runs.py")
    assert "0.1 MB · opset 18 · at most 3e-06 from Keras on 3 held-out faces" in texts(app)
    labels = [button.proto.label for button in app.get("download_button")]
    assert "Download ONNX" in labels and "Download Keras" in labels and "Download LiteRT" not in labels


@pytest.mark.parametrize(("language", "again"), [("en", "Try again: ONNX"), ("ko", "다시 시도: ONNX")])
def test_a_failure_is_shown_as_text_with_another_try(trained, language, again):
    fail(trained)
    app = opened("models/runs.py", language)
    assert any(r"\*\*no\*\* room" in str(each.value) for each in app.warning)
    press(app, again)
    with trained.database.reading() as session:
        assert len(table.active_arguments(session, "export model")) == 1
