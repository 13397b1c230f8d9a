"""The card beside a prediction: only faces that the run did not learn, and the gap where it was measured."""

import numpy as np
import pytest

from fercore import language
from fercore.errors import InputError
from fercore.services.prediction import run_card
from fercore.statuses import Status
from fercore.store.training import runs
from fercore.ui.prediction import model_card
from tests.services.comparison.test_gap import sides as sides
from tests.services.comparison.test_results import keep


@pytest.fixture
def cards(sides):
    """The cards of two runs; the first was evaluated on its training faces, too."""
    store, numbers = sides
    for number in numbers:
        with store.database.writing() as session:
            runs.set_values(session, number, status=Status.DONE, reported_epoch=3)
    keep(store, numbers[0], "W", np.ones(8, bool), "train")
    return [run_card.of_run(store, number) for number in numbers]


def test_a_card_has_what_was_learned_and_tested(cards):
    card = cards[0]
    assert (card.trained_on, card.snapshot, card.epoch) == (("W",), "western only", 3) and len(card.snapshot_hash) == 64
    assert [(each.dataset, each.split, each.faces, each.accuracy) for each in card.tested_on] == [
        ("E", "test", 80, 0.3),
        ("W", "test", 80, 0.8),
    ], "its training faces say nothing"
    assert all(each.low < each.accuracy < each.high for each in card.tested_on)
    assert (card.gap.split, card.gap.western, card.gap.east_asian) == ("test", ("W",), ("E",))
    assert card.gap.gap.value == pytest.approx(0.5, abs=0.02)
    made = run_card.as_json(card)
    assert made["gap"]["interval"][0] < made["gap"]["western_minus_east_asian"] < made["gap"]["interval"][1]
    assert made["tested_on"][1]["interval"][0] < 0.8


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ["trained on W", "Accuracy on E test: 30.0%", "East Asian faces (E) are read", "points worse"]),
        ("ko", ["W(으)로 학습", "E 테스트 정확도: 30.0%", "동아시아인 얼굴(E)", "덜 정확하게"]),
    ],
)
def test_a_card_in_words(cards, code, words):
    language.use(code)
    summary, lines = model_card.summary(cards[0]), model_card.lines(cards[0])
    language.use("en")
    for word in words:
        assert word in summary or any(word in line for line in lines), (word, summary, lines)
    assert cards[0].snapshot_hash[:12] in lines[0]


def test_a_run_that_was_not_tested_says_so(store):
    from tests.finished_run import finished

    card = run_card.of_run(store, finished(store))
    assert card.tested_on == () and card.gap is None
    assert "tested on no faces" in model_card.summary(card)
    assert any("was not measured" in line for line in model_card.lines(card))


def test_a_run_without_a_model_has_no_card(sides):
    store, (first, _) = sides
    with store.database.writing() as session:
        runs.set_values(session, first, status=Status.FAILED)
    with pytest.raises(InputError, match="has no trained model"):
        run_card.of_run(store, first)
