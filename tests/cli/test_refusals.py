"""Commands that delete: what would be refused is refused before any question, and nothing is asked then."""

import json

import click
import pytest

from fercore.errors import InputError, InUseError
from fercore.services.datasets import catalogue, erasure
from fercore.services.training import snapshots
from fercore.store.tables import Face
from tests.cli.test_names import answer, document
from tests.conftest import fill
from tests.services.review.votes import say


@pytest.mark.parametrize(
    ("words", "refusal", "named"),
    [
        pytest.param(["remove", "--dataset", "D"], InUseError, "snapshots 's', 't'", id="a frozen dataset"),
        pytest.param(["undo-import", "1"], InUseError, "snapshots 's', 't'", id="a frozen import"),
        pytest.param(["retire", "tester"], InputError, "FERCORE_USER", id="the settings' user"),
        pytest.param(["purge", "nobody"], InputError, "no person 'nobody'", id="an unknown person"),
        pytest.param(["review", "rule", "majority", "--dataset", "E"], InputError, "no dataset 'E'", id="a rule"),
    ],
)
def test_what_cannot_be_done_is_refused_before_the_question(lite, capsys, words, refusal, named):
    say(lite, "Kim", fill(lite, "D", [3, 4]), 5)
    for name in ("s", "t"):
        snapshots.freeze(lite, name, ["D"])
    with pytest.raises(refusal, match=named):
        answer(*words, typed="")
    assert [summary.faces for summary in catalogue.summaries(lite)] == [2]


def test_what_can_be_done_is_asked(lite):
    fill(lite, "D", [3, 4])
    with pytest.raises(click.exceptions.Abort):
        answer("remove", "--dataset", "D", typed="n\n")
    assert answer("remove", "--dataset", "D", typed="y\n").endswith("'D' is deleted.\n")


@pytest.mark.parametrize("form", ["folder", "csv"])
def test_an_export_names_what_it_leaves_out(lite, tmp_path, form):
    ids = fill(lite, "D", [3, 4, 5, None])
    say(lite, "Kim", ids[:1], reason="blurred")
    say(lite, "Kim", ids[1:2], reason="not sure")
    message = answer("export", "dataset", "D", "--format", form, "--to", tmp_path / "out").splitlines()
    assert message[0].startswith("1 face, 1 file: ")
    assert message[1] == "Left out: 1 rejected, 1 not sure, 1 unlabelled."
    result = document("export", "dataset", "D", "--format", form, "--to", tmp_path / "again")
    assert (result["faces"], result["left_out"]) == (1, {"not sure": 1, "rejected": 1, "unlabelled": 1})


def test_an_export_of_a_snapshot_names_what_was_purged_from_it(lite, tmp_path):
    ids = fill(lite, "D", [3, 4])
    snapshots.freeze(lite, "s", ["D"])
    with lite.database.writing() as session:
        session.get_one(Face, ids[0]).subject = "S1"
    erasure.purge(lite, "S1")
    message = answer("export", "snapshot", "s", "--format", "folder", "--to", tmp_path / "out")
    assert message.splitlines()[1] == "Left out: 1 purged."


def test_a_freeze_names_not_sure(lite):
    ids = fill(lite, "D", [3, 4])
    say(lite, "Kim", ids[:1], reason="not sure")
    assert answer("snapshot", "s", "--dataset", "D").splitlines()[1] == "Left out: 1 not sure."
    assert json.loads(answer("snapshot", "t", "--dataset", "D", "--json"))["left_out"] == {"not sure": 1}
