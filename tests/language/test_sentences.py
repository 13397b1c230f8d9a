"""Errors and stored sentences in the language of their reader."""

import pickle

import pytest

from fercore import language
from fercore.errors import BadRowsError, Fault, InputError, NotFoundError, StoredDataError
from fercore.language.sentences import sentence, words

ONE_MORE_FAULT = "{where}: {why}, and {count} more fault. Nothing was imported: correct the source, or skip bad rows."
MORE_FAULTS = ONE_MORE_FAULT.replace("fault", "faults")
CODES = {
    "'{name}' cannot be read: {reason}.": "'{name}'을(를) 읽을 수 없습니다: {reason}.",
    "'{name}' cannot be read: {reason}. Copy it again.": "'{name}'을(를) 읽을 수 없습니다: {reason}. 다시 받으십시오.",
    "There is no {kind} '{name}'.": "{kind} '{name}'이(가) 없습니다.",
    "{missing} Choose one of {names}.": "{missing} 있는 것: {names}.",
    "dataset": "데이터셋",
    "the disk is full": "디스크가 가득 찼습니다",
    "{a}: {b}": "{b} ({a})",
    "Its process is gone.": "프로세스가 사라졌습니다.",
    "{where}: {why}. Nothing was imported: correct the source, or skip bad rows.": "{where}: {why}. 고치십시오.",
    ONE_MORE_FAULT: "{where}: {why}. 그 밖에 {count}개 더. 고치십시오.",
    MORE_FAULTS: "{where}: {why}. 그 밖에 {count}개 더. 고치십시오.",
    "label '{word}' is not a known emotion": "라벨 '{word}'은(는) 모르는 감정입니다",
}


@pytest.fixture(autouse=True)
def small_catalogue(monkeypatch):
    """A small catalogue; English again afterwards."""
    from fercore.language import sentences

    real = language._catalogue
    monkeypatch.setattr(language, "_catalogue", lambda code: CODES if code == "ko" else real(code))
    sentences._again.cache_clear()
    sentences._forms.cache_clear()
    yield
    language.use("en")
    sentences._again.cache_clear()
    sentences._forms.cache_clear()


READ = "'{name}' cannot be read: {reason}."


@pytest.mark.parametrize(
    ("answers", "korean"),
    [
        pytest.param(sentence("Its process is gone."), "프로세스가 사라졌습니다.", id="no name"),
        pytest.param(
            sentence(READ, name="a.zip", reason="bad CRC"), "'a.zip'을(를) 읽을 수 없습니다: bad CRC.", id="names"
        ),
        pytest.param(
            sentence(READ, name="x", reason=sentence("the disk is full")),
            "'x'을(를) 읽을 수 없습니다: 디스크가 가득 찼습니다.",
            id="a sentence in a sentence",
        ),
        pytest.param(
            "'x' cannot be read: the disk is full.",
            "'x'을(를) 읽을 수 없습니다: 디스크가 가득 찼습니다.",
            id="stored as text",
        ),
        pytest.param(
            "'x' cannot be read: it broke. Copy it again.",
            "'x'을(를) 읽을 수 없습니다: it broke. 다시 받으십시오.",
            id="the more telling one",
        ),
        pytest.param("a: b", "a: b", id="a form without letters takes nothing"),
        pytest.param("What nobody translated.", "What nobody translated.", id="unknown"),
        pytest.param("", "", id="empty"),
        pytest.param("dataset", "데이터셋", id="a word"),
    ],
)
def test_words(answers, korean):
    assert words(answers) == str(answers)
    language.use("ko")
    assert words(answers) == korean


@pytest.mark.parametrize(
    ("error", "code", "korean"),
    [
        pytest.param(
            StoredDataError(sentence(READ, name="a\x1b[2J", reason="odd")),
            READ,
            "'a\\x1b[2J'을(를) 읽을 수 없습니다: odd.",
            id="what acts on a terminal",
        ),
        pytest.param(InputError("Its process is gone."), "", "프로세스가 사라졌습니다.", id="plain text"),
        pytest.param(
            NotFoundError("dataset", "D"),
            "There is no {kind} '{name}'.",
            "데이터셋 'D'이(가) 없습니다.",
            id="kind",
        ),
        pytest.param(
            NotFoundError("dataset", "D", ["E", "F"]),
            "{missing} Choose one of {names}.",
            "데이터셋 'D'이(가) 없습니다. 있는 것: E, F.",
            id="what there is",
        ),
        pytest.param(
            BadRowsError([Fault("x.parquet, row 3", sentence("label '{word}' is not a known emotion", word="joy"))]),
            "{where}: {why}. Nothing was imported: correct the source, or skip bad rows.",
            "x.parquet, row 3: 라벨 'joy'은(는) 모르는 감정입니다. 고치십시오.",
            id="a reason that was text",
        ),
        pytest.param(
            BadRowsError([Fault("line 2", "x"), Fault("line 3", "y")]),
            ONE_MORE_FAULT,
            "line 2: x. 그 밖에 1개 더. 고치십시오.",
            id="another fault, of whatever kind",
        ),
        pytest.param(
            BadRowsError([Fault(f"line {number}", "x") for number in range(4)]),
            MORE_FAULTS,
            "line 0: x. 그 밖에 3개 더. 고치십시오.",
            id="more faults",
        ),
    ],
)
def test_an_error_is_put_into_words_where_it_is_shown(error, code, korean):
    assert error.code == code and (not code or error.values)
    english = str(error)
    language.use("ko")
    assert str(error) == korean
    language.use("en")
    assert str(error) == english


def test_an_error_that_crossed_a_process_is_still_translated():
    error = pickle.loads(pickle.dumps(InputError(sentence(READ, name="x", reason="odd"))))
    language.use("ko")
    assert str(error) == "'x'을(를) 읽을 수 없습니다: odd."
