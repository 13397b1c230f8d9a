"""Decisions in files: rows of CSV and JSON Lines, and what is told of other files."""

import json

import pytest

from fercore.errors import UnreadableSourceError
from fercore.services.review import decision_files
from fercore.services.review.decision_files import COLUMNS, LATER

ROW = {name: f"{name} 값" for name in COLUMNS}


def read(file):
    with decision_files.reading(file) as rows:
        return list(rows)


@pytest.mark.parametrize("name", ["d.csv", "d.jsonl", "d.NDJSON"])
def test_rows_come_back_with_the_numbers_of_their_lines(tmp_path, name):
    file = tmp_path / name
    other = ROW | {"note": "two\nlines", "reviewer": 'Kim, "the" 1'}
    with decision_files.writing(file) as write:
        write(ROW)
        write(other)
    lines = [1, 2] if name != "d.csv" else [2, 4]
    assert read(file) == list(zip(lines, (ROW, other), strict=True))
    assert file.read_text("utf-8").startswith("{" if name != "d.csv" else "id,action,dataset,")


def test_other_columns(tmp_path):
    file = tmp_path / "notes.csv"
    with decision_files.writing(file, ("face", "note")) as write:
        write({"face": "f/1", "note": "감"})
    assert file.read_text("utf-8") == "face,note\nf/1,감\n"


@pytest.mark.parametrize("name", ["d.csv", "d.jsonl"])
def test_older_files_lack_the_later_columns(tmp_path, name):
    old = {column: value for column, value in ROW.items() if column not in LATER}
    file = tmp_path / name
    with decision_files.writing(file, tuple(old)) as write:
        write(old)
    assert [row for _, row in read(file)] == [old]


def test_what_lines_hold_becomes_text(tmp_path):
    file = tmp_path / "d.jsonl"
    file.write_text(json.dumps({"id": 7, "note": None, "undoes": "", "other": "x"}) + "\n", "utf-8-sig")
    assert read(file) == [(1, {"id": "7", "note": "", "undoes": ""})]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        pytest.param(
            "d.csv", "id,action\n1,2\n", "lacks the columns before, dataset, decided_at, emotion", id="columns"
        ),
        pytest.param("d.csv", b"\xb0\xa8", "not UTF-8 text", id="another encoding"),
        pytest.param("d.jsonl", "{}\nno\n", "Line 2 is not a JSON object", id="no JSON"),
        pytest.param("d.jsonl", "{}\n{}\n[]\n", "Line 3 is not a JSON object", id="no object"),
        pytest.param("d.jsonl", "{" + " " * 70_000 + "}\n", "Line 1 is not a JSON object", id="a line without an end"),
        pytest.param("d.csv", None, "'d.csv' cannot be opened: No such file", id="gone"),
    ],
)
def test_what_is_told_of_another_file(tmp_path, name, content, why):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UnreadableSourceError, match=why):
        read(file)


def test_a_place_that_is_none_is_told(tmp_path):
    with (
        pytest.raises(UnreadableSourceError, match=r"gone/d\.csv' cannot be written: No such file"),
        decision_files.writing(tmp_path / "gone" / "d.csv"),
    ):
        pass
