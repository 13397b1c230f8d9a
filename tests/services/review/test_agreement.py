"""Agreement of a dataset's people, from the votes in the store to the command line."""

import json

import pytest

from fercore.cli import cli
from fercore.curation.votes import UNSURE
from fercore.errors import InputError, NotFoundError
from fercore.services.review import agreement
from tests.conftest import fill
from tests.store.review.test_decisions import decide


@pytest.fixture
def decided(store):
    """Ten faces: anna decides all, bora the first eight and another way on two, chae none that is shared."""
    ids = fill(store, "D", [n % 7 for n in range(10)])
    for n, face in enumerate(ids):
        decide(store, "anna", face, emotion=n % 7)
    for n, face in enumerate(ids[:6]):
        decide(store, "bora", face, emotion=n % 7)
    decide(store, "bora", ids[6], emotion=0)
    decide(store, "bora", ids[7], reason="blurred")
    decide(store, "chae", fill(store, "other", [3], start=50)[0], emotion=3)
    return store


def test_votes_become_figures(decided):
    result = agreement.agree(decided, "D")
    assert result.people == ["anna", "bora"]
    shared = result.overall["agreeing pairs"]
    assert (shared.faces, shared.value) == (8, pytest.approx(6 / 8))
    pair = result.pairs["anna", "bora"]
    assert pair.faces == 8 and pair.low <= pair.value <= pair.high
    names = list(agreement.CATEGORY_NAMES)
    assert result.confused[names.index("Surprise")][names.index("Angry")] == 1
    assert result.confused[names.index("Angry")][names.index("rejected")] == 1


@pytest.mark.parametrize(
    ("dataset", "error", "sentence"),
    [
        pytest.param("other", InputError, "No face of 'other' was decided by two people yet", id="one person"),
        pytest.param("none", NotFoundError, "no dataset 'none'", id="no dataset"),
    ],
)
def test_what_cannot_be_measured(decided, dataset, error, sentence):
    with pytest.raises(error, match=sentence):
        agreement.agree(decided, dataset)


def test_the_command_line_says_the_same(lite, capsys):
    ids = fill(lite, "D", [0, 1, 2])
    for who in ("anna", "bora"):
        for n, face in enumerate(ids):
            decide(lite, who, face, emotion=n)
    cli.main(["agreement", "--dataset", "D", "--json"], standalone_mode=False)
    printed = json.loads(capsys.readouterr().out)
    assert printed["overall"]["Fleiss' kappa"]["value"] == 1.0
    assert printed["pairs"][0]["people"] == ["anna", "bora"]
    cli.main(["agreement", "--dataset", "D"], standalone_mode=False)
    assert "anna and bora" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answers", "left_out"),
    [
        pytest.param({"anna": 3, "bora": 3}, 0, id="two decided"),
        pytest.param({"anna": 3}, 0, id="one decided"),
        pytest.param({"anna": None}, 0, id="one not sure"),
        pytest.param({"anna": 3, "bora": None}, 1, id="one of two not sure"),
        pytest.param({"anna": None, "bora": None}, 1, id="both not sure"),
        pytest.param({"anna": 3, "bora": 3, "chae": None}, 0, id="counted without the third"),
    ],
)
def test_faces_that_a_not_sure_leaves_out_are_counted(lite, capsys, answers, left_out):
    face, other = fill(lite, "D", [3, 5])
    for who, emotion in answers.items():
        decide(lite, who, face, **({"reason": UNSURE} if emotion is None else {"emotion": emotion}))
    for who in ("anna", "bora"):
        decide(lite, who, other, emotion=5)
    result = agreement.agree(lite, "D")
    assert (result.unsure, agreement.as_json(result)["unsure"]) == (left_out, left_out)
    cli.main(["agreement", "--dataset", "D"], standalone_mode=False)
    assert ("1 more face was answered" in capsys.readouterr().out) == bool(left_out)


def test_nothing_but_not_sure_is_no_figure(lite):
    [face] = fill(lite, "D", [3])
    for who in ("anna", "bora"):
        decide(lite, who, face, reason=UNSURE)
    with pytest.raises(InputError, match=r"decided by two people yet\. 1 more face was answered by at least two"):
        agreement.agree(lite, "D")
