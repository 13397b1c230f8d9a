"""Choices that stand in a page's address: as plain values, which every language understands."""

import pytest
from streamlit.testing.v1 import AppTest

from fercore import language as languages
from fercore.services.training import sweeps
from fercore.services.training.sweep_cells import Grid
from fercore.settings import ROOT
from tests.conftest import fill
from tests.pages.conftest import opened
from tests.store.review.test_decisions import decide


@pytest.fixture(autouse=True)
def english():
    yield
    languages.use("en")


def at(page, language, **query):
    languages.use(language)
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = language
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{page}").run()
    assert not app.exception, app.exception
    return app


@pytest.fixture
def decided(lite):
    """Two datasets with names that are words of the app, in which Kim decided."""
    for number, name in enumerate(("Happy", "all")):
        decide(lite, "Kim", fill(lite, name, [3] * 2, start=10 * number)[0], emotion=5)
    return lite


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("page", "key", "value"),
    [
        ("curate/history.py", "past-dataset", "Happy"),
        ("curate/history.py", "past-dataset", "all"),
        ("curate/history.py", "past-reviewer", "Kim"),
        ("curate/adjudicate.py", "adjudicated", "all"),
        ("curate/reviewer.py", "record-dataset", "Happy"),
    ],
)
def test_an_address_is_understood_in_each_language(decided, page, key, value, language):
    query = {key: value} | ({"person": "Kim"} if key == "record-dataset" else {})
    app = at(page, language, **query)
    assert app.selectbox(key=key).value == value
    assert app.query_params[key] == value


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("curate/history.py", "past-dataset"),
        ("curate/adjudicate.py", "adjudicated"),
        ("curate/reviewer.py", "record-dataset"),
        ("curate/review.py", "dataset"),
        ("curate/datasets.py", "dataset"),
        ("curate/agreement.py", "dataset"),
    ],
)
def test_dataset_is_understood_in_the_address_of_every_page(decided, page, key):
    query = {"person": "Kim"} if key == "record-dataset" else {}
    app = at(page, "en", dataset="all", **query)
    assert app.selectbox(key=key).value == "all"
    app.selectbox(key=key).set_value("Happy").run()
    assert app.selectbox(key=key).value == "Happy", "and another one can be chosen"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("page", "key"), [("models/compare.py", "evaluation"), ("demo/predict.py", "run")])
def test_a_number_is_what_stands_in_the_address(full, page, key, language):
    app = at(page, language, view="confusion")
    first = str(app.selectbox(key=key).value)
    assert app.query_params.get(key) == (first if key == "evaluation" else None), (
        "a newer one may be the first tomorrow"
    )
    assert at(page, language, **{key: "1"}).selectbox(key=key).value == 1
    assert at(page, language, **{key: "999"}).selectbox(key=key).value == app.selectbox(key=key).value


def test_an_older_address_of_words_is_understood(full):
    words = at("models/compare.py", "en", view="confusion").selectbox(key="evaluation").options[-1]
    assert at("models/compare.py", "en", evaluation=words).selectbox(key="evaluation").value == 1


def test_a_choice_is_written_and_the_first_one_taken_out_again(lite):
    decide(lite, "Kim", fill(lite, "D", [3])[0], emotion=5)
    app = opened("curate/history.py")
    app.selectbox(key="past-dataset").set_value("D").run()
    assert app.query_params["past-dataset"] == "D"
    app.selectbox(key="past-dataset").set_value("").run()
    assert "past-dataset" not in app.query_params


def test_another_address_of_the_same_page_is_followed(decided):
    app = at("curate/history.py", "en", **{"past-dataset": "Happy"})
    app.query_params["past-dataset"] = "all"
    app.run()
    assert app.selectbox(key="past-dataset").value == "all"


def test_a_sweep_is_named_by_its_number(full):
    numbers = [sweeps.start(full, name, Grid(["s"], ["VGG16"], ["modern"], [0], "none", 1)) for name in ("a", "b")]
    for language in ("en", "ko"):
        assert at("models/sweeps.py", language, sweep=str(numbers[0])).selectbox(key="sweep").value == numbers[0]


@pytest.mark.parametrize("query", [{"view": "<b>nonsense</b>"}, {"view": "confusion", "evaluation": "99999"}], ids=str)
def test_an_address_that_names_what_is_not_here_says_so(full, query):
    """A link to a run that was deleted since does not read as if it named the one that is shown."""
    app = at("models/compare.py", "en", **query)
    [told] = [each.value for each in app.caption if "which is not here" in each.value]
    assert f"names '{list(query.values())[-1]}'," in told.replace("\\", "") and "<b>" not in told.replace("\\<", "")
    app.run()
    assert not [each.value for each in app.caption if "which is not here" in each.value]
