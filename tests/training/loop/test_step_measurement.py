"""A step's and an epoch's time from the moments at which batches ended, the start apart."""

import pytest

from fercore.training.loop.step_measurement import measured


@pytest.mark.parametrize(
    ("marks", "steps", "step", "whole"),
    [
        pytest.param([(1, 40.0), (2, 41.0), (3, 42.0), (4, 43.0)], 100, 1.0, None, id="part of an epoch"),
        pytest.param([(10, 50.0), (20, 60.0), (30, 71.0)], 100, 1.05, None, id="ten steps at a time"),
        pytest.param([(1, 40.0), (1, 42.0), (1, 44.0), (1, 45.0)], 1, 2.0, 2.0, id="an epoch of one step"),
        pytest.param(
            [(1, 40.0), (2, 41.0), (1, 44.0), (2, 45.0), (1, 48.0)], 2, 1.0, 4.0, id="two, and what lies between"
        ),
        pytest.param([(1, 40.0)], 1, 40.0, None, id="nothing but the start"),
    ],
)
def test_measured(marks, steps, step, whole):
    result = measured(marks, steps, 0.0, None)
    assert (result.step_seconds, result.whole_seconds) == (pytest.approx(step), whole)
    assert (result.first_seconds, result.steps_per_epoch) == (marks[0][1], steps)
