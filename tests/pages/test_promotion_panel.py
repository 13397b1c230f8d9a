"""The panel Demo on Runs: a look at the comparison, then a run is what visitors are given."""

import pytest

from fercore.services.prediction import demo_model
from tests.cli.test_promotions import two as two
from tests.pages.conftest import opened, texts

WORSE = {"en": "Worse than run 1", "ko": "실행 1보다 나쁩니다"}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_run_is_promoted_only_after_a_look(two, language):
    demo_model.promote(two, 1)
    app = opened("models/runs.py", language)
    app.button(key="promote-2").click().run()
    assert WORSE[language] in texts(app) and demo_model.promoted(two) == 1
    assert app.button(key="promote-now").label and not app.exception
    app.button(key="beside-2").click().run()
    assert [view.run.id for view in demo_model.offered(two)] == [1, 2]
    app.button(key="out-2").click().run()
    assert [view.run.id for view in demo_model.offered(two)] == [1]


def test_predict_offers_what_was_promoted(two):
    app = opened("demo/predict.py")
    assert [option.split(" ·")[0] for option in app.selectbox(key="run").options] == ["Run 2", "Run 1"]
    demo_model.promote(two, 1)
    app.query_params["run"] = "2"
    app.run()
    assert [option.split(" ·")[0] for option in app.selectbox(key="run").options] == ["Run 1"], "also by address"
