"""Names of trainings on the comparison page: an imported model may have no data that are known."""

from types import SimpleNamespace

import pytest

from fercore.evaluation.differences import Difference
from fercore.services.comparison.cost import RunCost
from fercore.ui.comparison import cost, gap
from tests.services.comparison.test_table import evaluated, other


@pytest.mark.parametrize(
    ("trained_on", "words"),
    [
        pytest.param(("KFE", "CK+"), "W two.csv · KFE + CK+", id="known data"),
        pytest.param((), "W two.csv", id="unknown data leave no empty part"),
    ],
)
def test_a_training_in_a_line(trained_on, words):
    assert cost._row(RunCost(7, "W two.csv", trained_on), [])["Training"] == words
    view = evaluated(7, 0.5, other(backbone="W two.csv"), trained_on=trained_on)
    each = SimpleNamespace(run=view, gap=Difference(0.1, 0.0, 0.2, 0.5, (1, 1)), east_asian_share=None)
    assert gap._point(each).name == f"Run 7 · {words}"
