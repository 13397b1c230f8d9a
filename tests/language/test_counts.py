"""Numbers of things: no sentence knows the plural alone."""

import ast
import re

import pytest

from fercore import language
from fercore.language import counts
from tests.language.test_language import calls, names, nodes


def test_both_forms_are_given_in_so_many_words_and_fill_in_the_same():
    given = [node.args[:2] for name in ("trn", "forms") for node in calls(name)]
    pairs = [[argument.value for argument in pair] for pair in given if isinstance(pair[0], ast.Constant)]
    assert len(pairs) == len(given) - 1, "all but the call within `trn` itself"
    assert [(pair, many) for pair, many in pairs if names(pair) - {"count"} != names(many) - {"count"}] == []


NEVER_ONE = {
    "The face is small: {pixels} pixels.",  # of the detectors' 30 and more
    "Run {run} is left out: it was evaluated on {n} of {most} faces only. Choose two runs to compare it.",
    "That run {run} knows every emotion: on {place} it only ever answers {emotions}.",
    "That run {run} reads emotions on {place}: always answering {emotion} gives {share}.",
    "The chart shows the {shown} widest gaps of {all} runs.",
    "Pictured are the first {shown} of {all} evaluations.",
    "Ranks: from {draws} draws of the faces; a span holds 95 % of them.",
    "Trainings over seeds: faces and seeds are drawn apart (crossed bootstrap, Owen 2007); nothing is claimed below "
    "{least} seeds.",
    "Two runs on the same faces: McNemar's test, mid-p (Fagerland et al. 2013), and exact; where faces are alike, a "
    "bootstrap over groups of faces with {draws} draws decides.",
    "{place}: run {run} reads these faces better than {others}.",
    "Shown are the {shown} most accurate of {all} runs; the file has all of them.",
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
    "Groups of fewer than {faces} faces or {people} people are shown, but not tested.",
    "Searched: all groups with up to three properties and at least {least} validation faces. Each one found is tested "
    "once on the test faces, against all others: the search itself would exaggerate it.",
    "A map shows at most {most} datasets.",
    "known from {least} decisions on ({so_far})",
    "A reason has at most {longest} characters.",
    "At most {most} photos are read together.",
    "all {count} datasets",  # where there are several
    "{shown} of {all} trainings",  # beside a field that filters them
    "{total} parameters, {trainable} trainable.",
    "At most {most} photos are read at once. Send the others in further requests.",  # 32
    "The request did not arrive within {seconds} seconds.",  # 60
}
A_SHARE = "{points} points"  # with a decimal
COUNTED = re.compile(r"\{(\w+)\} (?:\w+ )?\w+s\b(?<!is)(?<!was)(?<!has)")
VERBS = "is|was|has|does|goes|runs|sees|hears|names|begins|works"
# Where a formatted string has a number, a singular noun or verb has to be possible behind it.
PLURAL = re.compile(rf"\{{([^{{}}]+)\}} (?:[a-z]+ )?(?!(?:{VERBS})\b)(?:[a-z]+s|people|are|were|have)\b")
NEVER_ONE_FORMATTED = {
    "{value} ms",  # with decimals
    "{backbone.name} are",
    "{faces.shape} faces",  # an array
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
