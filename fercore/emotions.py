"""The seven emotions: their order, names and colours, and the words each source has for them.

An emotion is stored and passed as its index 0-6 in `EMOTIONS`; that order is the same on every
screen, in every matrix and in every file. Colours are Okabe and Ito's palette, which the
colour-blind can tell apart on light and on dark ground.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from fercore.errors import UnknownEmotionError


@dataclass(frozen=True, slots=True)
class Emotion:
    """One of the seven classes; `signs` is what a face shows of it."""

    name: str
    korean: str
    colour: str
    signs: str


ALL: Final = (
    Emotion(
        "Angry",
        "분노",
        "#D55E00",
        "brows drawn down and together, a hard stare, lips pressed or the mouth squared",
    ),
    Emotion(
        "Disgust",
        "혐오",
        "#009E73",
        "nose wrinkled, upper lip raised, cheeks pushed up, eyes narrowed",
    ),
    Emotion(
        "Fear",
        "공포",
        "#CC79A7",
        "brows raised and drawn together, upper lids high, lips stretched sideways",
    ),
    Emotion(
        "Happy",
        "행복",
        "#E69F00",
        "lip corners pulled up, cheeks raised, wrinkles beside the eyes",
    ),
    Emotion(
        "Neutral",
        "중립",
        "#8C8C8C",
        "nothing at work: brows, eyes and mouth at rest",
    ),
    Emotion(
        "Sad",
        "슬픔",
        "#0072B2",
        "inner ends of the brows raised, lids drooping, lip corners pulled down",
    ),
    Emotion(
        "Surprise",
        "놀람",
        "#56B4E9",
        "brows high and curved, eyes wide, jaw dropped",
    ),
)

EMOTIONS: Final = tuple(emotion.name for emotion in ALL)
COLOURS: Final = tuple(emotion.colour for emotion in ALL)

# FER2013's own codes 0-6 are angry, disgust, fear, happy, sad, surprise, neutral.
FER2013_CODES: Final = (0, 1, 2, 3, 5, 6, 4)

# Words of FER2013, CK+, JAFFE and AI Hub, in English and Korean. AI Hub's 당황 (embarrassment or
# panic), 불안 (anxiety) and 상처 (hurt) are no Ekman classes: where they go is a choice, and the
# source's own word is always kept beside it.
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "Angry": ("angry", "anger", "an", "분노", "화남"),
    "Disgust": ("disgust", "disgusted", "di", "혐오", "역겨움"),
    "Fear": ("fear", "fearful", "afraid", "fe", "공포", "두려움", "불안"),
    "Happy": ("happy", "happiness", "joy", "ha", "행복", "기쁨"),
    "Neutral": ("neutral", "ne", "중립", "무표정"),
    "Sad": ("sad", "sadness", "sa", "슬픔", "상처"),
    "Surprise": ("surprise", "surprised", "suprise", "su", "놀람", "당황"),
}

# Classes beside the seven in the vocabularies of CK+, FER+ and AffectNet, and AI Hub's word for "cannot tell": faces
# of them are left out of a source, and counted.
OTHER_CLASSES: Final = frozenset(
    (
        "contempt",
        "contemptuous",
        "경멸",
        "unknown",
        "uncertain",
        "none",
        "nf",
        "non-face",
        "no-face",
        "noface",
        "알수없음",
    )
)
_INDEX: Final = {word: index for index, name in enumerate(EMOTIONS) for word in (name.lower(), *WORDS[name])}


def known_words() -> str:
    """Every word that `index_of` understands, as one readable line."""
    return "; ".join(f"{name}: {', '.join(words)}" for name, words in WORDS.items())


def find(word: str) -> int | None:
    """The emotion index that a word stands for in any known vocabulary, or None."""
    return _INDEX.get(unicodedata.normalize("NFC", word).strip().lower())


def is_other_class(word: str) -> bool:
    """True if a word is a class of a known vocabulary that is none of the seven emotions, as contempt is."""
    return unicodedata.normalize("NFC", word).strip().lower() in OTHER_CLASSES


def index_of(word: str) -> int:
    """The emotion index of a word; raises `UnknownEmotionError` naming the known words."""
    index = find(word)
    if index is None:
        raise UnknownEmotionError(word, known_words())
    return index
