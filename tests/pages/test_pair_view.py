"""Two runs on the comparison page: an address that names a run that is gone keeps the other one."""

import pytest
from streamlit.testing.v1 import AppTest

from fercore.services.training import snapshots
from fercore.settings import ROOT
from tests.conftest import fill
from tests.pages.conftest import texts
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, run


@pytest.fixture
def three_runs(lite):
    fill(lite, "D", [HAPPY, SAD])
    fill(lite, "D", [HAPPY] * 6 + [SAD] * 6, "test", 50)
    snapshots.freeze(lite, "S", ["D"])
    for seed in range(3):
        evaluate(lite, run(lite, seed=seed), "D", "test", [HAPPY] * (8 + seed) + [SAD] * (4 - seed))
    return lite


@pytest.mark.parametrize(
    ("query", "expected", "gone"),
    [
        pytest.param({}, ("1", "3"), [], id="none"),
        pytest.param({"a": "2"}, ("2", "3"), [], id="one"),
        pytest.param({"a": "3", "b": "1"}, ("3", "1"), [], id="both"),
        pytest.param({"a": "9", "b": "1"}, ("2", "1"), ["9"], id="the first is gone"),
        pytest.param({"a": "1", "b": "9"}, ("1", "3"), ["9"], id="the second is gone"),
        pytest.param({"a": "9", "b": "8"}, ("1", "3"), ["9", "8"], id="both are gone"),
        pytest.param({"a": "1", "b": "1"}, ("1", "3"), [], id="the same twice"),
    ],
)
def test_the_runs_of_an_address(three_runs, query, expected, gone):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params.update({"view": "pair", **query})
    app.switch_page("pages/models/compare.py").run()
    assert not app.exception
    assert (app.query_params["a"], app.query_params["b"]) == expected
    assert [name for name in ["1", "2", "3", "8", "9"] if f"names '{name}', which is not here" in texts(app)] == sorted(
        gone
    )
