"""Explanations of a network that was trained on real faces."""

import numpy as np
import pytest

from benchmarks import explanation as benchmark
from fercore.emotions import FER2013_CODES
from tests.conftest import SHARED

FILE = SHARED / "fer2013" / "train.npz"
FACES = 500

pytestmark = [pytest.mark.long, pytest.mark.skipif(not FILE.is_file(), reason="FER2013's real rows are not here")]


def test_hiding_the_marked_tenth_matters_more_than_hiding_any_other(tmp_path):
    from fercore.prediction.predictor import Predictor

    held = np.load(FILE)
    pixels, labels = held["images"], np.array(FER2013_CODES, np.int64)[held["labels"]]
    drawn = np.random.default_rng(1).permutation(len(pixels))
    learned = np.sort(drawn[FACES : FACES + 12_000])
    file = benchmark.trained(pixels[learned], labels[learned], "SmallResNet", 2, tmp_path)
    falls = benchmark.falls(Predictor.load(file, tmp_path).probabilities, pixels[drawn[:FACES]])
    marked = falls.pop("the marked tenth")
    assert {
        name: low for name, values in falls.items() if (low := benchmark.interval(marked - values)[0]) <= 0.01
    } == {}
