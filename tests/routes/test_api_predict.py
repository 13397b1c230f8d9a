"""Photos over HTTP: what is answered, by which run, and that one bad photo hides no other."""

import json
import logging

import numpy as np
import pytest

from fercore.cli.predictions import predict_command
from fercore.drawing.photos import portrait
from fercore.errors import StoredDataError
from fercore.prediction.onnx import OnnxPredictor
from fercore.services.datasets import detectors
from fercore.services.prediction import photos, warm_models
from fercore.store.training import runs
from tests.cli.test_contents import exported as exported
from tests.cli.test_names import document as printed
from tests.faces.pictures import encoded
from tests.routes.forms import ApiClient, Part, error_of, files, form

FACE = encoded(portrait([("east", 3)], 1, (320, 240))[0], "JPEG")
TWO = encoded(portrait([("east", 3), ("west", 4)], 2, (640, 240))[0], "PNG")
TEXT = b"no picture at all"


@pytest.fixture
def api(exported):
    return ApiClient(exported)


@pytest.mark.parametrize(
    ("sent", "faces"),
    [
        pytest.param([FACE], [1], id="one"),
        pytest.param([TEXT], [None], id="no picture"),
        pytest.param([TEXT, TWO, b"", FACE, FACE[:900]], [None, 2, None, 1, None], id="good ones between bad ones"),
    ],
)
def test_each_photo_has_its_faces_or_a_reason(api, sent, faces):
    answer = api.send(files(*sent))
    assert (answer.status, answer.headers["x-fercore-run"]) == (200, "1")
    said = answer.json()
    assert [None if "error" in each else len(each["faces"]) for each in said] == faces
    assert [each["photo"] for each in said] == [f"{number}.jpg" for number in range(len(sent))]
    assert all(each["error"].endswith(".") for each in said if "error" in each)
    for face in (face for each in said for face in each["faces"]):
        assert abs(sum(face["probabilities"].values()) - 1) < 1e-5
        assert face["emotion"] == max(face["probabilities"], key=face["probabilities"].get)


def test_the_answer_is_what_the_command_prints(api, tmp_path):
    file = tmp_path / "0.jpg"
    file.write_bytes(TWO)
    [by_command] = printed(predict_command.name, file, "--run", 1)
    assert api.send(files(TWO)).json() == [{**by_command, "photo": "0.jpg"}]


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        pytest.param("?run=1", 200, None, id="a run"),
        pytest.param("?run=1&calibrated=no", 200, None, id="as the model says"),
        pytest.param("?run=99", 404, "not_found", id="no such run"),
        pytest.param("?run=one", 422, "no_number", id="no number"),
        pytest.param("?run=-1", 422, "no_number", id="below nought"),
        pytest.param("?run=99999999999", 422, "no_number", id="beyond the database's numbers"),
        pytest.param("?run=%C2%B2", 422, "no_number", id="a digit that is none"),
        pytest.param("?run=1&calibrated=yes", 422, "not_usable", id="no temperature"),
        pytest.param("?calibrated=perhaps", 422, "no_choice", id="neither yes nor no"),
        pytest.param("?runs=1", 422, "unknown_option", id="a misspelt option"),
    ],
)
def test_options(api, options, status, code):
    answer = api.send(files(FACE), options)
    assert answer.status == status
    assert code is None or error_of(answer) == code


def test_a_calibrated_reading_is_scaled_by_the_temperature_of_now(api, exported):
    plain = api.send(files(FACE)).json()[0]["faces"][0]["probabilities"]
    for temperature in (3.0, 9.0):
        with exported.database.writing() as session:
            runs.set_values(session, 1, temperature={"value": temperature})
        said = api.send(files(FACE), "?calibrated=true").json()[0]["faces"][0]["probabilities"]
        raised = np.array(list(plain.values())) ** (1 / temperature)
        np.testing.assert_allclose(list(said.values()), raised / raised.sum(), atol=1e-6)
    assert api.send(files(FACE)).json()[0]["faces"][0]["probabilities"] == plain


def test_without_a_trained_run_there_is_no_model(lite):
    answer = ApiClient(lite).send(files(FACE))
    assert (answer.status, error_of(answer)) == (404, "no_model")


def test_a_foreign_name_means_nothing(api):
    sent = form(
        Part(TEXT, "../../etc/passwd"), Part(TEXT, ""), Part(TEXT, "얼굴.jpg"), Part(TEXT, "\x1b[31m" + "a" * 300)
    )
    assert [each["photo"] for each in api.send(sent).json()] == [
        *("../../etc/passwd", "photo 2", "얼굴.jpg"),
        ("\\x1b[31m" + "a" * 300)[:200],
    ]


def fails(error):
    def fail(*_):
        raise error

    return fail


@pytest.mark.parametrize(
    ("place", "error", "status", "code"),
    [
        pytest.param((photos, "as_json"), ZeroDivisionError("/srv/secret"), 500, "own_fault", id="own fault"),
        pytest.param((OnnxPredictor, "probabilities"), StoredDataError("/srv/secret"), 503, "unavailable", id="model"),
        pytest.param((detectors, "chosen"), detectors.InputError("/srv/secret"), 503, "unavailable", id="detector"),
    ],
)
def test_a_failure_says_nothing_of_this_machine(api, monkeypatch, caplog, place, error, status, code):
    monkeypatch.setattr(*place, fails(error))
    with caplog.at_level(logging.ERROR, "fercore"):
        answer = api.send(files(FACE))
    assert (answer.status, error_of(answer)) == (status, code)
    assert b"secret" not in answer.content and "/srv/secret" in caplog.text


def test_nothing_is_kept(api, exported, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.TemporaryFile", fails(AssertionError("a temporary file")))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    big = FACE + bytes(3 * 2**20)
    assert [len(each["faces"]) for each in api.send(files(big, FACE)).json()] == [1, 1]
    after = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.name for path in after - before} <= {"fercore.db-wal", "fercore.db-shm"}


def test_models_stay_warm_between_requests(api, monkeypatch):
    warm_models._slots.clear()
    loads = []
    load = photos.load
    monkeypatch.setattr(photos, "load", lambda *given: loads.append(given[1]) or load(*given))
    for _ in range(3):
        assert api.send(files(FACE)).status == 200
    assert loads == [1]


def test_sentences_are_in_the_language_of_the_client(api):
    answer = api.send(files(FACE), "?run=99", **{"accept-language": "ko-KR,ko;q=0.9"})
    assert "실행" in json.loads(answer.content)["error"]["message"]
    assert "There is no run" in api.send(files(FACE), "?run=99").text
