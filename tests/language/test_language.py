"""The Korean catalogue has every sentence, and each keeps the names that are filled in."""

import ast
import string

import pytest

from fercore import language
from fercore.language import tr
from fercore.settings import ROOT


def sentences():
    """Every literal sentence that the code hands to `tr`."""
    found = set()
    for path in [*(ROOT / "fercore").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr" and node.args:
                argument = node.args[0]
                if isinstance(argument, ast.Constant):
                    found.add(argument.value)
    return sorted(found)


def names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    language.use("en")


def test_no_sentence_is_missing_in_korean():
    catalogue = language._catalogue("ko")
    assert [sentence for sentence in sentences() if not catalogue.get(sentence)] == []


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
