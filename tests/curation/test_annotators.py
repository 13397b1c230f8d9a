"""Labels of faces that several people voted on: reliable people and the model weigh more."""

import numpy as np
import pytest

from fercore.curation.annotators import by_votes

HAPPY, SAD = 3, 5


def shares(emotions, sure=0.8):
    """(N, 7) probabilities with so much at each of these emotions."""
    table = np.full((len(emotions), 7), (1 - sure) / 6)
    table[np.arange(len(emotions)), emotions] = sure
    return table


@pytest.mark.parametrize("votes", [[{}, {}], [{"Kim": HAPPY}, {}], [{"Kim": HAPPY}, {"Lee": SAD}]])
def test_without_a_second_vote_nothing_is_said(votes):
    assert not len(by_votes(np.array([HAPPY, SAD]), shares([HAPPY, SAD]), votes).places)


def test_reliable_people_are_believed_over_one_who_guesses():
    random = np.random.default_rng(0)
    true = random.integers(0, 7, 200)
    votes = [
        {"Kim": int(label), "Lee": int(label), "guesser": int(random.integers(7))} if at % 2 else {} for at, label in
        enumerate(true)
    ]  # fmt: skip
    labels = true.copy()
    labels[1:40:2] = (labels[1:40:2] + 1) % 7  # the labels of now are wrong there
    found = by_votes(labels, shares(true, 0.4), votes)
    assert found.places.tolist() == list(range(1, 200, 2))
    assert (found.consensus == true[found.places]).mean() > 0.98
    assert found.score[:20].min() > found.score[20:].max()


def test_a_single_vote_is_left_to_the_model():
    votes = [{"Kim": HAPPY}, {"Kim": SAD, "Lee": SAD}, {"Lee": HAPPY, "Kim": HAPPY}]
    found = by_votes(np.array([HAPPY, SAD, HAPPY]), shares([HAPPY, SAD, HAPPY]), votes)
    assert found.places.tolist() == [1, 2] and (found.score < 0.5).all()
