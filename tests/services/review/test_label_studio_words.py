"""People, choices and moments of Label Studio as ours."""

from datetime import UTC, datetime

import pytest

from fercore.services.review import label_studio
from fercore.services.review.label_studio_files import Annotation


@pytest.mark.parametrize(
    ("by", "name"),
    [
        pytest.param(7, "Label Studio 7", id="a number"),
        pytest.param("12", "Label Studio 12", id="a number as text"),
        pytest.param(None, "Label Studio ", id="nobody"),
        pytest.param({}, "Label Studio ", id="nobody, in the long form"),
        pytest.param({"id": 2}, "Label Studio 2", id="a number alone"),
        pytest.param({"id": 2, "email": "kim@lab.kr", "username": "kim"}, "kim@lab.kr", id="an address"),
        pytest.param({"id": 2, "email": "", "username": "kim"}, "kim", id="a name"),
        pytest.param(" Kim \n Minji ", "Kim Minji", id="blanks"),
        pytest.param("x" * 90, "x" * 60, id="too long"),
    ],
)
def test_the_person_of_an_annotation(by, name):
    assert label_studio._person(by) == name


def said(*words, skipped=False):
    return Annotation("row 1", (), None, words, skipped, 1, "1/1", "2026-03-01T09:30:00Z")


@pytest.mark.parametrize(
    ("first", "source", "meaning"),
    [
        pytest.param(said("Happy"), 3, ("confirmed", 3, None), id="the source says so, too"),
        pytest.param(said("Happy"), 5, ("relabelled", 3, None), id="another emotion"),
        pytest.param(said("Happy"), None, ("relabelled", 3, None), id="no label so far"),
        pytest.param(said("Angry"), 0, ("confirmed", 0, None), id="the first emotion"),
        pytest.param(said("행복", "행복"), 3, ("confirmed", 3, None), id="twice the same"),
        pytest.param(said(" Blurred "), 3, ("rejected", None, "blurred"), id="a reason"),
        pytest.param(said("Not sure"), 3, ("unsure", None, None), id="not sure"),
        pytest.param(said(skipped=True), 3, ("unsure", None, None), id="skipped"),
        pytest.param(said("Happy", skipped=True), 3, ("unsure", None, None), id="skipped after a choice"),
    ],
)
def test_the_meaning_of_a_choice(first, source, meaning):
    assert label_studio._meaning(first, source) == meaning


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("Happy", "Sad"), "2 choices where one was expected: Happy, Sad"),
        (("Joyful?",), "'Joyful\\?' is not a known emotion or reason to reject: .*not sure"),
    ],
)
def test_what_is_no_choice(words, why):
    with pytest.raises(ValueError, match=why):
        label_studio._meaning(said(*words), 3)


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-03-01T09:30:00.000001Z", datetime(2026, 3, 1, 9, 30, 0, 1, UTC)),
        ("2026-03-01T18:30:00+09:00", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01 09:30", datetime(2026, 3, 1, 9, 30).astimezone()),
    ],
)
def test_the_moment_of_a_decision(given, moment):
    result = label_studio._moment(given)
    assert result == moment and result.tzinfo is not None


@pytest.mark.parametrize("given", ["soon", "", "None", "2026-13-01"])
def test_what_is_no_moment(given):
    with pytest.raises(ValueError, match="is not a date or time"):
        label_studio._moment(given)


@pytest.mark.parametrize(
    ("name", "content", "is_one"),
    [
        ("a.json", "", True),
        ("a.JSON", "", True),
        ("a.csv", "annotation_id,annotator\n", True),
        ("a.CSV", "annotator,annotation_id,x\n", True),
        ("a.csv", "id,action,dataset\n", False),
        ("a.jsonl", "annotation_id,annotator\n", False),
    ],
)
def test_which_files_are_its_exports(tmp_path, name, content, is_one):
    file = tmp_path / name
    file.write_text(content)
    assert label_studio.is_export(file) == is_one
