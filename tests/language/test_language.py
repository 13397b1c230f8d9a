"""The Korean catalogue has every sentence, and each keeps the names that are filled in."""

import ast
import string

import pytest

from fercore import language
from fercore.language import tr
from fercore.settings import ROOT
from fercore.training.recipe import Augmentation, Recipe


def nodes():
    for path in [*(ROOT / "fercore").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        yield from ast.walk(ast.parse(path.read_text("utf-8")))


def knobs():
    """A recipe's knobs and what is said about them, as its form shows them."""
    fields = {**Recipe.model_fields, **Augmentation.model_fields}
    names = {name.replace("_", " ") for name in fields if name != "name"}
    return names | {field.description for field in fields.values() if field.description}


def sentences():
    """Every sentence that the code hands to `tr` in so many words."""
    calls = (node for node in nodes() if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr")
    given = (node.args[0] for node in calls if node.args)
    return {argument.value for argument in given if isinstance(argument, ast.Constant)} | knobs()


def names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    language.use("en")


def test_no_sentence_is_missing_in_korean():
    catalogue = language._catalogue("ko")
    assert sorted(sentence for sentence in sentences() if not catalogue.get(sentence)) == []


def test_no_translation_is_left_that_nothing_says():
    said = {node.value for node in nodes() if isinstance(node, ast.Constant)} | knobs()
    assert sorted(set(language._catalogue("ko")) - said) == []


def test_the_filled_in_names_are_the_same():
    wrong = {key: value for key, value in language._catalogue("ko").items() if names(key) != names(value)}
    assert wrong == {}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("en", "3 photos", id="English"),
        pytest.param("ko", "사진 3장", id="Korean"),
        pytest.param("xx", "3 photos", id="unknown language"),
    ],
)
def test_tr(code, expected):
    language.use(code)
    assert tr("{count} photos", count=3) == expected


def test_a_sentence_without_translation_stays_english():
    language.use("ko")
    assert tr("No such sentence.") == "No such sentence."
