"""`fercore weights`: what it gives, says and refuses."""

import pytest

from fercore.errors import InputError, NotFoundError
from tests.cli.test_names import answer, document
from tests.conftest import fill
from tests.services.review.votes import say

HAPPY, SAD = 3, 5


def test_weights_are_given_told_and_frozen(lite, tmp_path):
    ids = fill(lite, "D", [HAPPY, SAD, HAPPY])
    file = tmp_path / "w.csv"
    file.write_text(f"face,weight\n{ids[0]},0.5\n{ids[1]},2\n")
    answer("snapshot", "before", "--dataset", "D")
    expected = {"dataset": "D", "faces": 3, "weighted": 2, "lowest": 0.5, "highest": 2.0}
    assert document("weights", "D", "--from", file) == document("weights", "--dataset", "D") == expected
    assert answer("weights", "D") == "3 faces in 'D'. With a weight other than 1: 2; lowest 0.5, highest 2.\n"
    answer("snapshot", "after", "--dataset", "D")
    assert answer("snapshot-diff", "before", "after").splitlines()[1] == "2 faces with another weight."
    assert document("snapshot-diff", "before", "after")["reweighted"] == 2
    for who, emotion in (("a", HAPPY), ("b", SAD)):
        say(lite, who, ids[2:], emotion)
    assert document("weights", "D", "--from", "votes", "--clear")["weighted"] == 1
    assert document("weights", "D", "--clear")["weighted"] == 0


def test_weights_from_labels(lite):
    fill(lite, "D", [number % 7 for number in range(30)])
    result = document("weights", "D", "--from", "labels")
    found = document("audit", "labels", "D")["issues"]
    assert 0 < result["weighted"] == found and 0 <= result["lowest"] < 1 == result["highest"]


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [("face,weight\n1,11\n", InputError, ["D"]), ("face,weight\n1,1\n", NotFoundError, ["nothing"])],
)
def test_weights_that_cannot_be_given(lite, tmp_path, text, error, words):
    fill(lite, "D", [HAPPY])
    file = tmp_path / "w.csv"
    file.write_text(text)
    with pytest.raises(error):
        answer("weights", *words, "--from", file)
