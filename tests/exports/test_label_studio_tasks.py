"""Tasks for Label Studio and the way back of what was chosen there."""

import base64
import io
import json
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.services.datasets import exports
from fercore.services.datasets.exports import ExportRequest
from fercore.services.review import label_studio
from tests.conftest import fill, noise
from tests.services.review.test_label_studio import annotation, decisions
from tests.store.review.test_decisions import decide


@pytest.fixture
def written(store, tmp_path):
    """A dataset with decisions, its export, and the tasks in it."""
    ids = fill(store, "D", [3, None, 5, 6])
    decide(store, "kim", ids[0], emotion=3)
    decide(store, "lee", ids[0], emotion=5)
    decide(store, "kim", ids[2], reason="blurred")
    report = exports.export(store, ExportRequest("dataset", "D", "label-studio", tmp_path / "out"))
    assert (report.faces, report.files, report.unlabelled, report.rejected) == (4, 2, 1, 1)
    return json.loads((tmp_path / "out" / "tasks.json").read_text())


def words(results):
    return [row["result"][0]["value"]["choices"][0] for row in results]


def test_tasks_hold_picture_name_source_label_and_votes(written):
    for number, task in enumerate(written):
        kind, _, picture = task["data"]["image"].partition(",")
        assert kind == "data:image/png;base64"
        assert np.array_equal(Image.open(io.BytesIO(base64.b64decode(picture))), noise(number))
        assert task["data"]["face"] == f"train/{number}"
    assert [words(task["predictions"]) for task in written] == [["Happy"], [], ["Sad"], ["Surprise"]]
    assert [words(task["annotations"]) for task in written] == [["Happy", "Sad"], [], ["blurred"], []]


def test_the_labeling_setup_offers_every_answer(written, tmp_path):
    view = ElementTree.parse(tmp_path / "out" / "config.xml").getroot()
    [choices] = view.findall("Choices")
    assert (choices.get("name"), choices.get("toName")) == ("emotion", view.find("Image").get("name"))
    offered = [choice.get("value") for choice in choices]
    assert offered[:7] == list(EMOTIONS) and {"not a face", "not sure"} < set(offered)


def test_what_was_chosen_there_comes_back_and_what_was_exported_is_known(store, written, tmp_path):
    before = decisions(store)
    returned = []
    for number, task in enumerate(written, start=1):
        answers = [
            {
                **annotation(*words([item]), number=number * 10 + n, unique_id=f"new-{number}-{n}"),
                "import_id": item["id"],
            }
            for n, item in enumerate(task["annotations"])
        ]
        returned.append({"id": number, "data": task["data"], "annotations": answers})
    returned[1]["annotations"].append(annotation("Fear", number=99, by={"email": "park@lab.kr"}))
    file = tmp_path / "back.json"
    file.write_text(json.dumps(returned))
    report = label_studio.import_file(store, file, "D")
    assert (report.added, report.known) == (1, 3)
    assert decisions(store)[len(before) :] == [(decisions(store)[-1][0], "park@lab.kr", "relabelled", 2, None)]


def test_an_empty_dataset_is_refused(lite, tmp_path):
    fill(lite, "D", [3])
    with pytest.raises(InputError):
        exports.export(lite, ExportRequest("dataset", "gone", "label-studio", tmp_path / "out"))
    assert not (tmp_path / "out").exists()
