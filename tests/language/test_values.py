"""Every sentence is given the values that it names, and no others."""

import ast
import string

import pytest

from fercore.settings import ROOT

FOLDERS = sorted(path.name for path in (ROOT / "fercore").iterdir() if path.is_dir() and any(path.rglob("*.py")))
FILLED_BY_SCRIPTS = {f"fercore/ui/{name}/__init__.py" for name in ("review_grid", "photo_cutter", "photo_input")}
SENTENCES = {"tr": 1, "trn": 2}  # how many sentences come first


def calls(folder):
    """(place, sentences, names of the values) of each call that gives its sentences in so many words."""
    for path in sorted({*folder.rglob("*.py")} - {ROOT / name for name in FILLED_BY_SCRIPTS}):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            count = SENTENCES.get(getattr(node.func, "id", ""), 0) if isinstance(node, ast.Call) else 0
            given = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)] if count else []
            if given and all(isinstance(item, str) for item in given) and all(key.arg for key in node.keywords):
                yield (
                    f"{path.relative_to(ROOT)}:{node.lineno}",
                    given,
                    {key.arg for key in node.keywords},
                    len(node.args),
                )


def names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("folder", [*(f"fercore/{name}" for name in FOLDERS), "pages"])
def test_every_sentence_is_given_its_values(folder):
    wrong = []
    for place, given, values, positional in calls(ROOT / folder):
        own = {"count"} if len(given) == 2 else set()
        wanted = set().union(*map(names, given)) - own
        if values != wanted or positional != (3 if own else 1):
            wrong.append((place, wanted ^ values))
    assert wrong == []
