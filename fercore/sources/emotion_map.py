"""The map from AI Hub's words to the seven emotions: a file with a version that everybody can edit."""

import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason

SHIPPED: Final = Path(__file__).parent / "aihub_words.toml"
WORDS: Final = ("기쁨", "당황", "분노", "불안", "상처", "슬픔", "중립")
UNLABELLED: Final = ""
_MAX_BYTES: Final = 2**20
_EMOTIONS: Final = {name.lower(): index for index, name in enumerate(EMOTIONS)}


@dataclass(frozen=True)
class WordMap:
    """A version, and the emotion index of each word (in NFC); None for words that mean no label."""

    version: int
    words: dict[str, int | None]

    def knows(self, word: str) -> bool:
        """True if the map has that word."""
        return word in self.words

    def find(self, word: str) -> int | None:
        """The emotion index of a word, or None."""
        return self.words.get(word)


def word_map(path: Path | None = None, title: str | None = None) -> WordMap:
    """The map in a TOML file, or the one that fercore ships; raises `InputError` for any other file.

    `title` is what messages call the file, where that is not its name.
    """
    path = path or SHIPPED
    title = title or path.name
    table = _table(path, title)
    version, words = table.get("version"), table.get("words")
    if type(version) is not int or version < 1:
        actual = "is missing" if version is None else f"is {version!r}"
        raise InputError(
            sentence(
                "'{title}': version {came}; expected a whole number from 1, as in 'version = 2'.",
                title=title,
                came=actual,
            )
        )
    if not isinstance(words, dict):
        raise InputError(
            sentence("'{title}' has no table [words]. Write lines like '\"기쁨\" = \"Happy\"' under it.", title=title)
        )
    named = {unicodedata.normalize("NFC", word).strip(): value for word, value in words.items()}
    missing = [word for word in WORDS if word not in named]
    if missing:
        raise InputError(
            sentence(
                "'{title}' lacks {missing}. Add each to [words]; \"\" leaves it unlabelled.",
                title=title,
                missing=", ".join(missing),
            )
        )
    return WordMap(version, {word: _emotion(word, value, title) for word, value in named.items()})


def _table(path: Path, title: str) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            sentence("The word map '{path}' cannot be read: {strerror}.", path=path, strerror=reason(error))
        ) from error
    if len(data) > _MAX_BYTES:
        raise InputError(
            sentence(
                "'{title}' is too big for a word map. Start from a copy of {name}.", title=title, name=SHIPPED.name
            )
        )
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(
            sentence("'{title}' is not UTF-8 (byte {byte}). Save the file as UTF-8.", title=title, byte=error.start + 1)
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(
            sentence(
                "'{title}' is not a TOML file ({error}). Start from a copy of {name}, and quote every word.",
                title=title,
                error=error,
                name=SHIPPED.name,
            )
        ) from error


def _emotion(word: str, value: object, title: str) -> int | None:
    if value == UNLABELLED:
        return None
    index = _EMOTIONS.get(value.strip().lower()) if isinstance(value, str) else None
    if index is None:
        raise InputError(
            sentence(
                "'{title}': {word} is {meaning}, which is none of {known}, or \"\" for unlabelled.",
                title=title,
                word=word,
                meaning=f"{value!r}",
                known=", ".join(EMOTIONS),
            )
        )
    return index
