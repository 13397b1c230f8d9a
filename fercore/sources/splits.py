"""The words that sources use for their splits."""

from typing import Final

from fercore.sources.record import Split

# FER2013's PublicTest is validation and its PrivateTest is test, everywhere in fercore.
WORDS: Final[dict[Split, tuple[str, ...]]] = {
    "train": ("train", "training"),
    "validation": ("validation", "val", "valid", "publictest"),
    "test": ("test", "testing", "privatetest"),
}
_SPLITS: Final = {word: split for split, words in WORDS.items() for word in words}


def find_split(word: str) -> Split | None:
    """The split that a folder name or a `Usage` stands for, in any case; None for other words."""
    return _SPLITS.get(word.strip().lower())
