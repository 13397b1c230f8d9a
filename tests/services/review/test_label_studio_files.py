"""Annotations in each form of export: moments, keys, people, choices, and columns that hold them."""

import csv
import io
import json

import pytest

from fercore.errors import UnreadableSourceError
from fercore.exports import label_studio
from fercore.exports.face import ExportVote
from fercore.services.review import label_studio_files
from tests.sources.generated.parquet import face

MADE, CHANGED = "2026-03-01T09:30:00.000001Z", "2026-03-02T10:00:00.000002Z"


def told(tmp_path, content, name="export.json"):
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    return list(label_studio_files.annotations(file))


def short(**more):
    return {"id": 4, "annotation_id": 9, "annotator": 7, "image": "a/b.png", "emotion": "Happy", **more}


def as_csv(rows):
    text = io.StringIO()
    table = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("form", ["full", "short", "csv"])
@pytest.mark.parametrize(
    ("moments", "at"),
    [
        pytest.param({"created_at": MADE, "updated_at": CHANGED}, CHANGED, id="changed"),
        pytest.param({"created_at": MADE}, MADE, id="as it was made"),
        pytest.param({"created_at": MADE, "updated_at": ""}, MADE, id="no change noted"),
        pytest.param({"updated_at": CHANGED}, CHANGED, id="the change alone"),
    ],
)
def test_the_moment_of_an_annotation(tmp_path, form, moments, at):
    if form == "full":
        content = json.dumps([{"id": 4, "data": {}, "annotations": [{"id": 9, **moments}]}])
    else:
        content = as_csv([short(**moments)]) if form == "csv" else json.dumps([short(**moments)])
    [message] = told(tmp_path, content, "export.csv" if form == "csv" else "export.json")
    assert message.at == at


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({"id": 9}, {"key": "4/9", "by": None, "skipped": False, "exported": None}, id="plain"),
        pytest.param({"id": 9, "unique_id": "u-1"}, {"key": "u-1"}, id="a name of its own"),
        pytest.param({"completed_by": {"id": 2}}, {"by": {"id": 2}}, id="a person"),
        pytest.param({"was_cancelled": True}, {"skipped": True}, id="skipped"),
        pytest.param({"import_id": 33}, {"exported": 33}, id="one that fercore wrote"),
        pytest.param({"import_id": "33"}, {"exported": None}, id="another program's number"),
        pytest.param(
            {
                "result": [
                    {"value": {"choices": ["Happy", "Sad"]}},
                    {"value": {}},
                    "x",
                    {"value": {"choices": ["Fear"]}},
                ]
            },
            {"words": ("Happy", "Sad", "Fear")},
            id="choices",
        ),
        pytest.param({"result": None}, {"words": ()}, id="no result"),
    ],
)
def test_an_annotation_of_the_whole_form(tmp_path, answers, expected):
    task = {"id": 4, "data": {"image": "a.png", "width": 48}, "file_upload": "0a-a.png", "annotations": [None, answers]}
    [message] = told(tmp_path, json.dumps([{"id": 3, "data": None, "annotations": None}, task]))
    assert {name: getattr(message, name) for name in expected} == expected
    assert (message.where, message.names, message.face) == ("task 4, annotation 2", ("a.png", "0a-a.png"), None)


def test_a_face_is_named_by_the_task_s_data(tmp_path):
    [message] = told(tmp_path, json.dumps([{"id": 1, "data": {"face": "train/7"}, "annotations": [{}]}]))
    assert (message.face, message.names) == ("train/7", ("train/7",))


@pytest.mark.parametrize(
    ("more", "words", "names"),
    [
        pytest.param({}, ("Happy",), ("a/b.png",), id="a word"),
        pytest.param({"emotion": ["Happy", "Sad"]}, ("Happy", "Sad"), ("a/b.png",), id="a list"),
        pytest.param({"emotion": {"choices": ["Fear"]}}, ("Fear",), ("a/b.png",), id="choices"),
        pytest.param({"emotion": '{"choices": ["Fear", "Sad"]}'}, ("Fear", "Sad"), ("a/b.png",), id="as text"),
        pytest.param({"emotion": "not a face"}, ("not a face",), ("a/b.png",), id="a reason"),
        pytest.param({"emotion": " Not Sure "}, (" Not Sure ",), ("a/b.png",), id="not sure"),
        pytest.param({"emotion": ""}, (), ("a/b.png", ""), id="nothing chosen"),
        pytest.param({"person": "Kim"}, ("Happy",), ("a/b.png", "Kim"), id="another column"),
        pytest.param({"face": "Happy"}, ("Happy",), ("a/b.png", "Happy"), id="a face that is called so"),
    ],
)
def test_an_annotation_of_the_short_form(tmp_path, more, words, names):
    [message] = told(tmp_path, json.dumps([short(**more)]))
    assert (message.words, message.names, message.face) == (words, names, more.get("face"))
    assert (message.where, message.by, message.key, message.skipped) == ("row 1 (task 4)", 7, "4/9", False)


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        pytest.param(["Happy", "Sad", "?"], True, id="most are known"),
        pytest.param(["Happy", "?"], False, id="half of them"),
        pytest.param(["?", "x"], False, id="none"),
    ],
)
def test_a_column_of_choices_has_mostly_known_words(words, choices):
    result = label_studio_files._sorted_columns([short(mood=word) for word in words])
    assert ("mood" in result.choices, "mood" in result.data) == (choices, not choices)
    assert "emotion" in result.choices and "image" in result.data
    assert not {"id", "annotation_id", "annotator"} & {*result.choices, *result.data}


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ("id,annotator,annotation_id,emotion", True),
        ("\ufeffannotation_id,annotator", True),
        ("id,annotator,emotion", False),
        ("id,action,dataset,face", False),
        ("", False),
    ],
)
def test_the_columns_of_its_csv(tmp_path, header, is_one):
    file = tmp_path / "a.csv"
    file.write_text(f"{header}\n1,2,3,4\n", encoding="utf-8")
    assert label_studio_files.has_columns(file) == is_one
    assert not label_studio_files.has_columns(tmp_path / "gone.csv")


@pytest.mark.parametrize("largest", [0, 1])
def test_a_file_beyond_the_limit_is_not_read(tmp_path, monkeypatch, largest):
    monkeypatch.setattr(label_studio_files, "LARGEST_MB", largest)
    content = json.dumps([short()]) + " " * 600_000
    if largest:
        assert len(told(tmp_path, content)) == 1
    else:
        with pytest.raises(UnreadableSourceError, match=r"'export\.json' has 1 MB; at most 0 are read"):
            told(tmp_path, content)


@pytest.mark.parametrize(
    "votes", [(), (ExportVote(7, "Kim", "confirmed", 3, None), ExportVote(8, "Lee", "unsure", None, None))]
)
def test_the_tasks_that_fercore_wrote_are_no_export(tmp_path, votes):
    label_studio.write([face(0, votes=votes), face(1, source_emotion=None)], tmp_path / "out")
    with pytest.raises(UnreadableSourceError, match=r"'tasks\.json' is the file of tasks that fercore wrote"):
        list(label_studio_files.annotations(tmp_path / "out" / "tasks.json"))


@pytest.mark.parametrize("content", ["[]", '[{"id": 4, "data": {}, "predictions": [], "annotations": []}]'])
def test_an_export_without_annotations_says_nothing(tmp_path, content):
    assert told(tmp_path, content) == []
