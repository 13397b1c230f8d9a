"""English and Korean: the function that looks a sentence up, and the one that does so for a number of things.

The English sentence is the key, so code reads as what people see; a language that lacks a sentence
shows it in English.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Final

from fercore.language import particles

LANGUAGES: Final = {"en": "English", "ko": "한국어"}

_chosen: ContextVar[str] = ContextVar("language", default="en")


def use(code: str) -> None:
    """Choose the language of this thread's sentences; an unknown code means English."""
    _chosen.set(code if code in LANGUAGES else "en")


def current() -> str:
    """The code of the language in use."""
    return _chosen.get()


def tr(sentence: str, **values: object) -> str:
    """The sentence in the chosen language, with its `{names}` filled in."""
    translation = _catalogue(_chosen.get()).get(sentence) or sentence
    return _filled(translation, values) if values else translation


def translated(words: str) -> str:
    """The words of a choice as they stand in any language, in the chosen one; others stay as they are.

    Where several English sentences have one translation, choices are those that begin with a small letter.
    """
    known = [english for code in LANGUAGES for english, there in _catalogue(code).items() if there == words]
    return tr(min(known, key=lambda english: english[:1].isupper(), default=words))


def trn(singular: str, plural: str, number: int, **values: object) -> str:
    """The sentence for that many: English has a singular and a plural, Korean one sentence, found by the plural.

    `{count}` is filled in with the number itself.
    """
    sentence = forms(singular, plural)[number != 1]
    return _filled(sentence, {"count": f"{number:,}", **values})


def forms(singular: str, plural: str) -> tuple[str, str]:
    """The sentence for one and for many, with its `{names}` still to be filled in."""
    many = tr(plural)
    return (singular if _chosen.get() == "en" else many), many


def _filled(sentence: str, values: Mapping[str, object]) -> str:
    return particles.fill(sentence, values) if _chosen.get() == "ko" else sentence.format(**values)


def known_sentences(code: str) -> dict[str, str]:
    """Every English sentence that a language has, with its own."""
    return _catalogue(code)


@cache
def _catalogue(code: str) -> dict[str, str]:
    if code == "en":
        return {}
    from babel.messages.pofile import read_po

    with files(__package__).joinpath(f"{code}.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}
