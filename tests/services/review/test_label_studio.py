"""Decisions out of Label Studio's JSON export."""

import json

import pytest
from sqlalchemy import select

from fercore.errors import BadRowsError, UnreadableSourceError
from fercore.services.review import label_studio
from fercore.store.tables import Decision
from tests.conftest import fill


def annotation(*choices, number=1, by=7, **more):
    return {
        "id": number,
        "completed_by": by,
        "created_at": "2026-03-01T09:30:00.000000Z",
        "result": [{"type": "choices", "from_name": "emotion", "value": {"choices": list(choices)}}],
        **more,
    }


def task(number, data, *annotations):
    return {"id": number, "data": data, "annotations": list(annotations)}


def file_of(tmp_path, tasks):
    file = tmp_path / "project-1.json"
    file.write_text(json.dumps(tasks))
    return file


def decisions(store):
    columns = (Decision.face_id, Decision.reviewer, Decision.kind, Decision.emotion, Decision.reason)
    with store.database.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Decision.sequence))]


def test_what_people_chose_becomes_decisions_once(store, tmp_path):
    faces = fill(store, "D", [3, 3, 3, 3])
    tasks = [
        task(1, {"face": "train/0"}, annotation("Happy")),
        task(2, {"image": "/data/upload/1/0a1b2c3d-1"}, annotation("슬픔", by={"id": 2, "email": "kim@lab.kr"})),
        task(3, {"image": "s3://bucket/faces/2?sig=x"}, annotation("not a face"), annotation("anger", number=2, by=8)),
        task(4, {"image": "3"}, annotation(), annotation("Fear", number=2, was_cancelled=True)),
    ]
    file = file_of(tmp_path, tasks)
    assert label_studio.import_file(store, file, "D") == label_studio.LabelStudioReport(added=5, known=0, empty=1)
    expected = [
        (faces[0], "Label Studio 7", "confirmed", 3, None),
        (faces[1], "kim@lab.kr", "relabelled", 5, None),
        (faces[2], "Label Studio 7", "rejected", None, "not a face"),
        (faces[2], "Label Studio 8", "relabelled", 0, None),
        (faces[3], "Label Studio 7", "unsure", None, None),
    ]
    assert decisions(store) == expected
    assert label_studio.import_file(store, file, "D").added == 0
    assert decisions(store) == expected


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        pytest.param(task(9, {"face": "train/99"}, annotation("Happy")), "no face of this dataset", id="no such face"),
        pytest.param(task(9, {"face": "train/0"}, annotation("Joyful?")), "not a known emotion", id="no such word"),
        pytest.param(task(9, {"face": "train/0"}, annotation("Happy", "Sad")), "2 choices", id="two choices"),
        pytest.param(
            task(9, {"face": "train/0"}, annotation("Sad", created_at="soon")), "not a date or time", id="no time"
        ),
        pytest.param(task(9, None, annotation("Sad")), "no face", id="no data"),
    ],
)
def test_a_bad_annotation_is_named_and_nothing_stored(lite, tmp_path, bad, why):
    fill(lite, "D", [3])
    good = task(1, {"face": "train/0"}, annotation("Happy"))
    with pytest.raises(BadRowsError, match=why) as caught:
        label_studio.import_file(lite, file_of(tmp_path, [good, bad]), "D")
    assert caught.value.faults[0].where == "task 9, annotation 1"
    assert decisions(lite) == []


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("{}", id="no list"),
        pytest.param('[{"id": 1, "image": "x", "emotion": "Happy"}]', id="the short export"),
        pytest.param("[" * 100_000, id="a bomb"),
    ],
)
def test_another_file_is_one_sentence(lite, tmp_path, content):
    fill(lite, "D", [3])
    file = tmp_path / "x.json"
    file.write_text(content)
    with pytest.raises(UnreadableSourceError, match="Label Studio"):
        label_studio.import_file(lite, file, "D")
