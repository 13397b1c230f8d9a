"""Sentences that are put into words where they are read: a code with values, whatever room they come from.

An error is raised where nobody knows who will read it, and a job's message is stored for readers of any language. Both
are kept in English, and said again in the reader's own language.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from fercore.language import current, known_sentences, tr

_LITERAL: Final = 6  # letters that a stored sentence must share with the catalogue's to be taken for it
_PLACE: Final = re.compile(r"\{(\w+)\}")


class Sentence(str):
    """An English sentence that keeps what it was made of: `code`, the catalogue's key, and `values` for its names."""

    __slots__ = ("code", "values")
    code: str
    values: Mapping[str, object]


def sentence(code: str, /, **values: object) -> Sentence:
    """The sentence of this code with its `{names}` filled in; `str` of it is English, `words` of it the reader's."""
    made = Sentence(code.format(**values) if values else code)
    made.code, made.values = code, values
    return made


def words(text: str) -> str:
    """A sentence in the chosen language.

    One that was stored as text is looked up among the catalogue's, and its values are said again, too; what is of no
    known form stays as it is.
    """
    if current() == "en" or not text:
        return str(text)
    if isinstance(text, Sentence):
        return tr(text.code, **{name: _value(value) for name, value in text.values.items()})
    return _again(current(), text)


def _value(value: object) -> object:
    return words(value) if isinstance(value, str) else words(str(value)) if isinstance(value, BaseException) else value


@lru_cache(maxsize=4096)
def _again(language: str, text: str) -> str:
    if text in known_sentences(language):
        return tr(text)
    for code, form in _forms(language):
        if match := form.fullmatch(text):
            return tr(code, **{name: words(value) for name, value in match.groupdict().items()})
    return text


@cache
def _forms(language: str) -> list[tuple[str, re.Pattern[str]]]:
    """The catalogue's sentences with names in them as patterns, the most telling first."""
    telling = {code: len(re.sub(r"\W", "", _PLACE.sub("", code))) for code in known_sentences(language)}
    named = [code for code, letters in telling.items() if _PLACE.search(code) and letters >= _LITERAL]
    return [(code, _pattern(code)) for code in sorted(named, key=lambda code: -telling[code])]


def _pattern(code: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for place, part in enumerate(_PLACE.split(code)):
        if place % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(f"(?P={part})" if part in seen else f"(?P<{part}>.+?)")
            seen.add(part)
    return re.compile("".join(parts), re.S)
