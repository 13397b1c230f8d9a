"""The Korean catalogue has every sentence, and each keeps the names that are filled in."""

import ast
import re
import string
from functools import cache

import pytest

from fercore import errors, language
from fercore.language import counts, tr, trn
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


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    language.use("en")


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


def test_both_forms_are_given_in_so_many_words_and_fill_in_the_same():
    given = [node.args[:2] for name in ("trn", "forms") for node in calls(name)]
    pairs = [[argument.value for argument in pair] for pair in given if isinstance(pair[0], ast.Constant)]
    assert len(pairs) == len(given) - 1, "all but the call within `trn` itself"
    assert [(pair, many) for pair, many in pairs if names(pair) - {"count"} != names(many) - {"count"}] == []


NEVER_ONE = {
    "'{name}' has over {count} bad rows and nothing was imported; the first is {first}. Is it the right file?",
    "A box is a square of at least {least} pixels inside the photo of {width} × {height}; got {box}.",
    "Names have 1 to {longest} printable characters; this one has {count}.",
    "Fewer than {few} training faces show {emotions}.",
    "Job {job} works with '{name}': wait for it, or cancel it.",
    "Deleting run {run} also deletes its model, curves and evaluations.",
    "Run {better} reads these faces better than run {worse}: {points} points, interval {low} to {high}, {p}.",
    "Run {run} still runs: cancel it first.",
    "The model of run {run} is gone: {path} does not exist.",
    "This backup unpacks to {real} bytes, but its manifest says {told}.",
    "Trains on the CPU, as {backend} sees no GPU: {why}.",
    "{backend} sees no GPU, so training runs on the CPU: {why}.",
    "{name} names '{photo}', which is not in the folder.",
    "{points} points, interval {low} to {high} as if of different faces.",
    "{rate} photos/s, {time} left",
    "The chart shows the first {shown} of {all} runs.",
    "{shown} of {all} trainings",  # beside a field that filters them
    "{total} parameters, {trainable} trainable.",
}
A_SHARE = "{points} points"  # with a decimal
COUNTED = re.compile(r"\{(\w+)\} (?:\w+ )?\w+s\b(?<!is)(?<!was)(?<!has)")
VERBS = "is|was|has|does|goes|runs|sees|hears|names|begins|works"
# Where a formatted string has a number, a singular noun or verb has to be possible behind it.
PLURAL = re.compile(rf"\{{([^{{}}]+)\}} (?:[a-z]+ )?(?!(?:{VERBS})\b)(?:[a-z]+s|people|are|were|have)\b")
NEVER_ONE_FORMATTED = {
    "{backbone.name} are",
    "{faces} faces",  # of a batch that can be halved
    "{found.doubtful} of the new ones",
    "{kind} and no names",
    "{len(WORDS) - 1} such as",
    "{scheduler.attempt(job)} times",  # that is more than it is tried again
    "{longest} characters",
    "{max(columns) + 1} columns",
    "{parts} such parts",
    "{report.doubtful} of the new ones",
    "{right.shape} and clusters",
    "{round(PATIENCE_SECONDS / 60)} minutes",
    "{run.params_total} parameters",
    "{schema.names.count(name)} columns",  # of the same name
    "{second_right.shape} faces",
    "{self.size} bytes",
    "{points(change.value)} points",  # with a decimal
}


def test_no_sentence_counts_things_in_the_plural_only():
    """A number before a plural is a sentence for `trn`; where the number is never 1, it is listed here."""
    given = {node.args[0].value for node in calls("tr") if node.args and isinstance(node.args[0], ast.Constant)}
    counted = {sentence for sentence in given if COUNTED.search(sentence.replace(A_SHARE, ""))}
    assert sorted(counted - NEVER_ONE) == []


INNER = str.maketrans("{}", "()")


def formatted():
    """Every f-string of the code with its expressions in braces, without their formats."""
    for node in nodes():
        if isinstance(node, ast.JoinedStr):
            parts = (
                str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value).translate(INNER)}}}"
                for part in node.values
            )
            yield "".join(parts)


def is_number(expression):
    """Not a constant, which is known to be many, and not words that the plural function gives."""
    return not re.match(r"[A-Z_]+\b|counts\.|trn\(|_goes\(", expression)


def test_no_formatted_string_counts_things_in_the_plural_only():
    """A number before a plural is a phrase of `language.counts`; where the number is never 1, it is listed here."""
    matches = [match for text in formatted() for match in PLURAL.finditer(text) if is_number(match[1])]
    assert sorted({match[0] for match in matches} - NEVER_ONE_FORMATTED) == []


PHRASES = {
    "faces": ("0 faces", "1 face", "2 faces", "얼굴 1개"),
    "photos": ("0 photos", "1 photo", "2 photos", "사진 1장"),
    "decisions": ("0 decisions", "1 decision", "2 decisions", "판정 1건"),
    "evaluations": ("0 evaluations", "1 evaluation", "2 evaluations", "평가 1건"),
    "predictions": ("0 stored predictions", "1 stored prediction", "2 stored predictions", "저장된 예측 1건"),
    "rows": ("0 rows", "1 row", "2 rows", "행 1개"),
    "files": ("0 files", "1 file", "2 files", "파일 1개"),
    "labels": ("0 labels", "1 label", "2 labels", "레이블 1개"),
    "runs": ("0 runs", "1 run", "2 runs", "실행 1개"),
    "crops": ("0 redrawn crops", "1 redrawn crop", "2 redrawn crops", "다시 그린 얼굴 1개"),
    "remarked": (
        "0 faces with a flag or a note",
        "1 face with a flag or a note",
        "2 faces with a flag or a note",
        "깃발이나 메모가 있는 얼굴 1개",
    ),
    "surroundings": (
        "surroundings of 0 faces",
        "surroundings of 1 face",
        "surroundings of 2 faces",
        "얼굴 1개의 주변 영상",
    ),
    "copies": ("0 copies of photos", "1 copy of a photo", "2 copies of photos", "사진 사본 1개"),
}


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_for_a_number_of_things(phrase):
    none, first, two, korean = PHRASES[phrase]
    answers = getattr(counts, phrase)
    assert [answers(0), answers(1), answers(2)] == [none, first, two]
    language.use("ko")
    assert answers(1) == korean


def test_every_phrase_is_in_that_table():
    counting = {name for name, var in vars(counts).items() if callable(var) and var.__module__ == counts.__name__}
    assert counting - {"listed"} == set(PHRASES)


def test_a_sentence_without_translation_stays_english():
    language.use("ko")
    assert tr("No such sentence.") == "No such sentence."
