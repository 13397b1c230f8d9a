"""Korean particles that agree with the sound before them: '이(가)' becomes 이 or 가 where that sound is known.

National Institute of Korean Language, Standard Korean Grammar: the first form follows a final consonant; '(으)로' takes
로 after ㄹ, too.
"""

import re
from collections.abc import Mapping
from typing import Final

_PARTICLE: Final = re.compile(r"(은\(는\)|이\(가\)|을\(를\)|와\(과\)|과\(와\)|\(으\)로)")
_FORMS: Final = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
_SILENT: Final = "'\"’”*`_)]}» \\"  # what stands between a name and its particle is not spoken
_FIRST, _LAST, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
# The final consonant of each digit's Korean name, as its place among the syllable's finals: 영, 일, 이 … 구.
_DIGITS: Final = (21, 8, 0, 16, 0, 0, 1, 8, 8, 0)


def fill(sentence: str, values: Mapping[str, object]) -> str:
    """A Korean sentence with its `{names}` filled in and its particles chosen.

    After Latin letters, whose sound is not known, a particle keeps both of its forms.
    """
    text = ""
    for part in _PARTICLE.split(sentence):
        text += _chosen(text, part) if part in _FORMS else part.format(**values)
    return text


def _chosen(before: str, particle: str) -> str:
    final = _final(before.rstrip(_SILENT)[-1:])
    if final is None:
        return particle
    with_consonant, without = _FORMS[particle]
    if particle == "(으)로" and final == _RIEUL:
        return without
    return with_consonant if final else without


def _final(letter: str) -> int | None:
    """The place of the final consonant of a syllable or a digit's name: 0 for none, None where it is not known."""
    if letter and _FIRST <= ord(letter) <= _LAST:
        return (ord(letter) - _FIRST) % _FINALS
    if letter in set("0123456789"):
        return _DIGITS[int(letter)]
    return 0 if letter == "%" else None
