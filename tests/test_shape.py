"""The shape of the project: small files, pages one level down, nothing heavy where it is not needed."""

import re
import subprocess
import sys

import pytest

from fercore.emotions import ALL, EMOTIONS, FER2013_CODES, WORDS, find
from fercore.settings import ROOT

FILES = [*(ROOT / "fercore").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]


TESTS = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "tests" / "javascript").glob("*.js")]


def test_no_file_holds_two_things():
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in [*FILES, *TESTS]
        if (lines := len(path.read_text().splitlines())) > 250 and "versions" not in path.parts
    }
    assert set(long) <= {"fercore/evaluation/paper.py"}, "data is long; code is split by noun"


def test_no_page_lies_directly_in_pages():
    """Streamlit would run it without app.py when a deep link is the first request after a start."""
    assert list((ROOT / "pages").glob("*.py")) == []


def test_only_the_settings_read_the_environment():
    allowed = {
        "fercore/settings.py",
        "fercore/jobs/local.py",
        "fercore/training/models/pretrained.py",
        "fercore/__main__.py",
    }
    readers = {path.relative_to(ROOT).as_posix() for path in FILES if "os.environ" in path.read_text()}
    # Variables that are not fercore's.
    backends = {"fercore/training/__init__.py", "fercore/training/hardware/devices.py"}
    assert readers - allowed <= backends, readers - allowed


def test_pages_are_switched_in_one_place():
    """Streamlit's own function fails on a page with widgets that are bound to its address."""
    switching = {path.relative_to(ROOT).as_posix() for path in FILES if "st.switch_page" in path.read_text()}
    assert switching == {"fercore/ui/shell/session.py"}


@pytest.mark.parametrize(
    "module",
    [
        "fercore",
        "fercore.training.models.backbones",
        "fercore.training.recipes.recipe",
        "fercore.services.jobs",
        "fercore.ui.shell.navigation",
    ],
)
def test_tensorflow_is_loaded_only_where_a_model_runs(module):
    code = f"import sys, {module}; print(sorted({{'tensorflow', 'keras'}} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert answer.stdout.strip().splitlines()[-1] == "[]", answer.stderr


def test_seven_emotions_in_one_order():
    assert EMOTIONS == ("Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise")
    assert sorted(FER2013_CODES) == list(range(7))
    assert len({emotion.colour for emotion in ALL}) == 7


@pytest.mark.parametrize(("name", "words"), list(WORDS.items()))
def test_every_known_word_finds_its_emotion(name, words):
    import unicodedata

    for word in words:
        for form in (word, word.upper(), f" {word} ", unicodedata.normalize("NFD", word)):
            assert EMOTIONS[find(form)] == name


def test_pages_ask_services_only():
    """The import rule of pyproject.toml knows the package; these files are outside of it."""
    files = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]
    doors = {
        path.name: re.findall(r"^(?:from|import) (fercore\.(?:store|jobs)\b.*)", path.read_text(), re.M)
        for path in files
    }
    assert not {name: imports for name, imports in doors.items() if imports}
