"""The shape of the project: small files, pages one level down, nothing heavy where it is not needed."""

import ast
import re
import subprocess
import sys

import pytest

from fercore.curation.review_filter import Order
from fercore.curation.votes import DecisionKind, FaceState, LabelRule
from fercore.emotions import ALL, EMOTIONS, FER2013_CODES, WORDS, find
from fercore.lanes import Lane
from fercore.settings import ROOT
from fercore.splits import Split
from fercore.statuses import Status
from fercore.store import tables

FILES = [*(ROOT / "fercore").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]


TESTS = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "tests" / "javascript").glob("*.js")]
BENCHMARKS = sorted((ROOT / "benchmarks").glob("*.py"))


def test_no_file_holds_two_things():
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in [*FILES, *TESTS, *BENCHMARKS]
        if (lines := len(path.read_text().splitlines())) > 250 and "versions" not in path.parts
    }
    assert set(long) <= {"fercore/evaluation/paper.py"}, "data is long; code is split by noun"


def test_a_benchmark_finds_fercore_before_it_imports_it():
    """It is run as a script, from a checkout in which fercore need not be installed."""
    for path in BENCHMARKS:
        before, path_is_set, _ = path.read_text().partition("sys.path.insert(")
        if path_is_set:
            assert re.findall(r"^(?:from|import) (?:fercore|benchmarks)\b.*", before, re.M) == [], path.name


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
    libraries = {"fercore/training/__init__.py", "fercore/training/hardware/devices.py", "fercore/process.py"}
    assert readers - allowed <= libraries, readers - allowed


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


def _annotations(file):
    """(name, annotation) of each field of a dataclass, and of what each public function returns."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ClassDef):
            fields = (line for line in node.body if isinstance(line, ast.AnnAssign))
            yield from ((f"{node.name}.{ast.unparse(field.target)}", field.annotation) for field in fields)
        elif isinstance(node, ast.FunctionDef) and node.returns and not node.name.startswith("_"):
            yield node.name, node.returns


# A job that is written in the transaction of its run goes from service to service.
WITHIN_SERVICES = {"fercore/services/training/train_job.py: job_for"}


def test_services_hand_out_no_row_of_the_store():
    """Pages and commands see frozen dataclasses; a row would be loaded anew, or changed, behind their back."""
    rows = {name for name, table in vars(tables).items() if isinstance(table, type) and issubclass(table, tables.Base)}
    rows.add("PhotoRow")  # as a module calls it that knows another class of the same name
    handed = {
        f"{file.relative_to(ROOT).as_posix()}: {name}"
        for room in ("services", "store")
        for file in (ROOT / "fercore" / room).rglob("*.py")
        for name, annotation in _annotations(file)
        if (room == "services" or "." in name)
        and rows & {part.id for part in ast.walk(annotation) if isinstance(part, ast.Name)}
    }
    assert handed == WITHIN_SERVICES


# Whole words of these are members of enumerations: a comparison with a string beside them goes wrong silently.
WORDS_OF_STATES = {word for words in (Status, Split, FaceState, DecisionKind, LabelRule, Order, Lane) for word in words}
A_RECIPES_SETTING = ("fercore/services/training/preflight.py", "validation")


def test_states_are_compared_as_members():
    """Each word is written once, where its enumeration is defined."""
    compared = {
        (file.relative_to(ROOT).as_posix(), part.value)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Compare)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and part.value in WORDS_OF_STATES
    }
    assert compared == {A_RECIPES_SETTING}


def test_docstrings_name_things_with_nouns():
    vague = re.compile(r"(What|Who|Whom|Whose|Whoever|Whatever|Whether|How|Where)\b")
    result = []
    for file in [ROOT / "app.py", *(ROOT / "fercore").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node) or ""
                if vague.match(text):
                    result.append(f"{file.relative_to(ROOT)}: {text.splitlines()[0]}")
    assert result == []
