"""The words by which the benchmark of page changes knows that a page is there."""

import importlib.util

import pytest

from fercore.settings import ROOT
from tests.conftest import fill
from tests.pages.conftest import opened, texts

SCRIPTS = {
    "Datasets": "curate/datasets.py",
    "Snapshots": "curate/snapshots.py",
    "Train": "models/train.py",
    "Runs": "models/runs.py",
    "Compare": "models/compare.py",
    "Predict": "demo/predict.py",
    "Home": "start/home.py",
}


@pytest.fixture(scope="module")
def signs():
    spec = importlib.util.spec_from_file_location("benchmark_of_pages", ROOT / "benchmarks" / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAGES


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_page_has_the_words_that_are_waited_for(lite, signs, name):
    fill(lite, "D", [3, 4])
    app = opened(SCRIPTS[name])
    shown = [texts(app), *(str(element.value) for element in app.subheader), *(button.label for button in app.button)]
    assert any(signs[name] in words for words in shown)


def test_every_page_of_the_benchmark_is_looked_at(signs):
    assert set(signs) == {*SCRIPTS, "Review"}  # whose words the grid draws in the browser
