"""Explanations of a network that was trained on real faces."""

import numpy as np
import pytest

from benchmarks import explanation as benchmark
from benchmarks.real_faces import rows
from tests.conftest import SHARED

FILE = SHARED / "fer2013" / "train.npz"
FACES = 500

pytestmark = [pytest.mark.long, pytest.mark.skipif(not FILE.is_file(), reason="FER2013's real rows are not here")]


def test_hiding_the_marked_tenth_matters_more_than_hiding_any_other(tmp_path):
    from fercore.prediction.predictor import Predictor

    held = rows(FILE)
    drawn = np.random.default_rng(1).permutation(len(held))
    file = benchmark.trained(held.at(np.sort(drawn[FACES : FACES + 12_000])), "SmallResNet", 2, tmp_path)
    falls = benchmark.falls(Predictor.load(file, tmp_path).probabilities, held.pixels[drawn[:FACES]])
    marked = falls.pop("the marked tenth")
    assert {
        name: low for name, values in falls.items() if (low := benchmark.interval(marked - values)[0]) <= 0.01
    } == {}
