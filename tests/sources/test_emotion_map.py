"""The word map: the one that is shipped, those of users, and the sentence for each way to be wrong."""

import unicodedata

import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.sources.emotion_map import SHIPPED, word_map

SHIPPED_TEXT = SHIPPED.read_text()


def written(tmp_path, text):
    path = tmp_path / "words.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_shipped_map():
    shipped = word_map()
    assert shipped.version == 1
    assert {word: EMOTIONS[index] for word, index in shipped.words.items()} == {
        "기쁨": "Happy",
        "당황": "Surprise",
        "분노": "Angry",
        "불안": "Fear",
        "상처": "Sad",
        "슬픔": "Sad",
        "중립": "Neutral",
    }


@pytest.mark.parametrize(
    ("text", "word", "emotion"),
    [
        pytest.param(SHIPPED_TEXT.replace('"Surprise"', '"Fear"'), "당황", "Fear", id="another choice"),
        pytest.param(SHIPPED_TEXT.replace('"Surprise"', '"disgust "'), "당황", "Disgust", id="any case"),
        pytest.param(SHIPPED_TEXT.replace('"Surprise"', '""'), "당황", None, id="unlabelled"),
        pytest.param(SHIPPED_TEXT + '"놀람" = "Surprise"\n', "놀람", "Surprise", id="one more word"),
        pytest.param(unicodedata.normalize("NFD", SHIPPED_TEXT), "슬픔", "Sad", id="nfd"),
        pytest.param("\ufeff" + SHIPPED_TEXT, "슬픔", "Sad", id="byte order mark"),
        pytest.param(SHIPPED_TEXT.replace("\n", "\r\n"), "슬픔", "Sad", id="crlf"),
    ],
)
def test_maps_of_users(tmp_path, text, word, emotion):
    result = word_map(written(tmp_path, text.replace("version = 1", "version = 7")))
    assert (result.version, result.words[word]) == (7, None if emotion is None else EMOTIONS.index(emotion))
    assert result.knows(word)
    assert not result.knows("혐오")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "version is missing; expected a whole number from 1", id="empty"),
        pytest.param("version =", r"not a TOML file \(.*\)\. Start from a copy of aihub_words.toml", id="no toml"),
        pytest.param("version = 1\n[words]\n기쁨 = 1", "not a TOML file .* quote every word", id="no quotes"),
        pytest.param("x = " + "[" * 100_000, "not a TOML file", id="nested deeply"),
        pytest.param(SHIPPED_TEXT.encode("cp949", "replace"), r"not UTF-8 \(byte \d+\)\. Save", id="cp949"),
        pytest.param("#" * 2**21, "too big for a word map", id="huge"),
        pytest.param(SHIPPED_TEXT.replace("version = 1", "version = 0"), "version is 0; expected", id="version 0"),
        pytest.param(SHIPPED_TEXT.replace("version = 1", "version = true"), "version is True", id="version true"),
        pytest.param(SHIPPED_TEXT.replace("version = 1", "version = '2'"), "version is '2'", id="version text"),
        pytest.param("version = 1\nwords = 3", r"has no table \[words\]", id="words no table"),
        pytest.param("version = 1", r"has no table \[words\]", id="no words"),
        pytest.param('version = 1\n[words]\n"기쁨" = "Happy"', "lacks 당황, 분노, 불안, 상처, 슬픔, 중", id="few"),
        pytest.param(SHIPPED_TEXT.replace('"Fear"', '"Panic"'), "불안 is 'Panic', which is none of Angry, D", id="bad"),
        pytest.param(SHIPPED_TEXT.replace('"Fear"', "3"), "불안 is 3, which is none of", id="a number"),
        pytest.param(SHIPPED_TEXT.replace('"Fear"', "['Fear']"), "불안 is \\['Fear'\\], which is none", id="a list"),
    ],
)
def test_wrong_maps_say_why(tmp_path, text, sentence):
    with pytest.raises(InputError, match=f"words.toml.*{sentence}"):
        word_map(written(tmp_path, text))


def test_maps_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "gone.toml", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            word_map(path)
