"""Why the system refused something, in the reader's language."""

import errno
import os
import zipfile

import pytest

from fercore import language
from fercore.errors import UnreadableSourceError
from fercore.language.sentences import sentence, words
from fercore.language.system_reasons import DAMAGES, REASONS, reason


def test_every_reason_is_in_the_catalogue():
    assert {*REASONS.values(), *DAMAGES} <= set(language.known_sentences("ko"))


@pytest.mark.parametrize("number", REASONS)
def test_in_english_it_is_what_the_system_says(number):
    assert reason(OSError(number, os.strerror(number))) == os.strerror(number)


@pytest.mark.parametrize(
    ("error", "english", "korean"),
    [
        (OSError(errno.EACCES, "Permission denied"), "Permission denied", "권한 없음"),
        (OSError(errno.ENOSPC, "the server's own words"), "No space left on device", "디스크 공간 부족"),
        (zipfile.BadZipFile("Bad CRC-32 for file 'a/b.png'"), "Bad CRC-32 for file 'a/b.png'", "'a/b.png' 파일의"),
        (OSError(errno.ENOANO, "No anode"), "No anode", "No anode"),
        (ValueError("One.\nTwo."), "One", "One"),
        (EOFError(), "EOFError", "EOFError"),
    ],
)
def test_a_reason_in_a_sentence(error, english, korean):
    refusal = UnreadableSourceError(sentence("'{name}' cannot be read: {error}.", name="a", error=reason(error)))
    assert str(refusal) == f"'a' cannot be read: {english}."
    language.use("ko")
    assert korean in str(refusal) and words(reason(error)).startswith(korean)
