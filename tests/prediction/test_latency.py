"""Latency: which calls are timed, and what is made of them."""

import numpy as np

from fercore.prediction import latency
from fercore.prediction.predictor import Predictor
from tests.prediction.test_predictor import Counting


def test_one_face_and_many_are_timed_after_calls_that_compile(monkeypatch):
    moments = iter(np.cumsum(np.r_[0, np.tile([0.004, 1.0], 41)]).tolist())
    monkeypatch.setattr(latency.time, "perf_counter", lambda: next(moments))
    model, heard = Counting(), []
    found = latency.measure(Predictor(model), lambda done, total: heard.append((done, total)))
    assert model.sizes == [8] * 33 + [256] * 8
    assert heard == [(number, 41) for number in range(1, 42)]
    np.testing.assert_allclose([found.one_low, found.one_ms, found.one_high], 4.0)
    np.testing.assert_allclose(found.many_ms, 4.0 / 256)
    assert found.repeats == 30
