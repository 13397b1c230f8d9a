"""The command `promote`: compares, promotes, shows beside, takes out."""

import pytest

from fercore.services.prediction import demo_model
from fercore.services.training import snapshots
from tests.cli.test_cli import document, fercore
from tests.conftest import fill
from tests.services.prediction.test_certainty import judged
from tests.services.prediction.test_demo_model import finished, right


@pytest.fixture
def two(lite):
    """Runs 1 and 2 on 70 test faces, of which run 2 reads fewer."""
    fill(lite, "D", [n % 7 for n in range(14)])
    fill(lite, "D", [n % 7 for n in range(70)], "test", 50)
    snapshots.freeze(lite, "S", ["D"])
    for count in (60, 30):
        judged(lite, finished(lite), "test", right(count))
    return lite


def test_a_run_is_promoted_and_said_to_be_worse(two):
    demo_model.promote(two, 1)
    dry = document("promote", 2, "--dry-run")
    assert (dry["present"], dry["offered"]) == (1, [1]) and dry["places"][0]["worse"]
    text = fercore("promote", 2).stdout
    assert "Run 2 against run 1:" in text and "worse" in text and "Predict offers: 2" in text
    assert demo_model.promoted(two) == 2
    assert document("promote", 1, "--beside")["offered"] == [2, 1]
    assert document("promote", 1, "--out")["offered"] == [2]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("promote", 9), "There is no run '9'"),
        (("promote", 1, "--beside"), "No run is the demo's model yet"),
        (("promote", 1, "--beside", "--out"), "Give one of --dry-run, --beside and --out"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(two, words, sentence):
    answer = fercore(*words)
    assert answer.returncode == 2 and sentence in answer.stderr and "Traceback" not in answer.stderr
    assert demo_model.promoted(two) is None
