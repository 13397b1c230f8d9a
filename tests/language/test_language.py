"""The Korean catalogue has every sentence, and each keeps the names that are filled in."""

import ast
import string
from functools import cache

import pytest

from fercore import errors, language
from fercore.language import tr, trn
from fercore.settings import ROOT
from fercore.training.recipes.recipe import Augmentation, Recipe


@cache
def nodes():
    """Calls and strings of all code."""
    files = [*(ROOT / "fercore").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    result = [node for path in files for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    return tuple(node for node in result if isinstance(node, ast.Call | ast.Constant | ast.JoinedStr))


def knobs():
    """A recipe's knobs and what is said about them, as its form shows them."""
    fields = {**Recipe.model_fields, **Augmentation.model_fields}
    names = {name.replace("_", " ") for name in fields if name != "name"}
    return names | {field.description for field in fields.values() if field.description}


PLACE = {"tr": 0, "trn": 1, "forms": 1, "sentence": 0, "worded": 0}  # of the sentence by which the catalogue knows it


def calls(name):
    """Every call of a function by its bare name."""
    return [node for node in nodes() if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name]


def sentences():
    """Every sentence that the code hands to one of the functions above in so many words."""
    given = [node.args[place] for name, place in PLACE.items() for node in calls(name) if len(node.args) > place]
    given += [node.args[0] for node in calls("NotFoundError")]
    return {argument.value for argument in given if isinstance(argument, ast.Constant)} | knobs()


def names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_sentence_is_missing_in_korean():
    catalogue = language._catalogue("ko")
    assert sorted(sentence for sentence in sentences() if not catalogue.get(sentence)) == []


def test_no_error_is_said_past_the_catalogue():
    """Errors of the rooms below the pages carry a code; commands speak English."""
    families = {"Fault", "Notice", "disk_error"} | {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.FercoreError)
    }
    plain = []
    for path in (ROOT / "fercore").rglob("*.py"):
        if path.relative_to(ROOT / "fercore").parts[0] in ("cli", "ui"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name in families - {"NotFoundError"}:
                texts = node.args[1:] if name in ("Fault", "Notice") else node.args[:1]
                plain += [f"{path.name}:{node.lineno}" for text in texts if is_prose(text)]
    assert plain == []


def is_prose(node):
    """True if an argument is words of ours: text with a blank in it, filled in or not."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value for part in parts)


def test_no_translation_is_left_that_nothing_says():
    singulars = {getattr(node.args[0], "value", "") for name in ("trn", "forms") for node in calls(name)}
    document = {node.value for node in nodes() if isinstance(node, ast.Constant)} - singulars | sentences()
    assert sorted(set(language._catalogue("ko")) - document) == []


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


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        pytest.param("en", 1, "1 photo", id="one"),
        pytest.param("en", 0, "0 photos", id="none"),
        pytest.param("en", 12_345, "12,345 photos", id="many"),
        pytest.param("ko", 1, "사진 1장", id="one in Korean"),
        pytest.param("ko", 2, "사진 2장", id="two in Korean"),
    ],
)
def test_trn(code, number, expected):
    language.use(code)
    assert trn("{count} photo", "{count} photos", number) == expected


def test_a_sentence_without_translation_stays_english():
    language.use("ko")
    assert tr("No such sentence.") == "No such sentence."
