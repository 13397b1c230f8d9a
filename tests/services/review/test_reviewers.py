"""The list of people who review."""

import pytest

from fercore.errors import InputError
from fercore.services.review import assignments, reviewers
from fercore.services.review.assignments import TaskPlan
from tests.conftest import fill


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("Kim", "Kim", id="a name"),
        pytest.param("  Kim   Minji ", "Kim Minji", id="spaces"),
        pytest.param(
            "\u1100\u1175\u11b7\u1106\u1175\u11ab\u110c\u1175", "김민지", id="Korean in pieces, as macOS writes it"
        ),
        pytest.param("TESTER", "tester", id="somebody who is there, in capitals"),
    ],
)
def test_a_name_is_kept_once(store, given, expected):
    assert reviewers.add(store, given) == expected
    assert reviewers.add(store, given) == expected
    assert reviewers.listed(store) == ["tester", *({expected} - {"tester"})]


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 61, "a\u202eb", "a\x00b"], ids=["none", "spaces", "long", "turned", "NUL"]
)
def test_what_is_no_name(store, name):
    with pytest.raises(InputError, match="1 to 60"):
        reviewers.add(store, name)
    assert reviewers.listed(store) == ["tester"]


@pytest.mark.parametrize("typed", ["yoon", "YOON", "Yoon"])
def test_a_person_named_in_a_task_only_is_the_same_person(lite, typed):
    fill(lite, "D", [3] * 4)
    assignments.create(lite, TaskPlan("Names", "D", people=("Yoon",)))
    assert [reviewers.add(lite, typed) for _ in range(2)] == ["Yoon", "Yoon"]
    assert [name for name in reviewers.everybody(lite) if name.casefold() == "yoon"] == ["Yoon"]
