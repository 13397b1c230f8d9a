"""The registry of readers, and the words for splits."""

import pytest

from fercore.errors import InputError
from fercore.sources.readers import SOURCES, reader
from fercore.sources.splits import find_split


def test_readers_are_found_by_name():
    assert [reader(name) for name in SOURCES] == [source.read for source in SOURCES.values()]
    assert {"fer2013", "ckplus", "jaffe", "aihub", "folder", "parquet"} == set(SOURCES)


def test_an_unknown_source_lists_the_known_ones():
    with pytest.raises(InputError, match=r"no source 'x'\. Choose one of fer2013, aihub, ckplus, jaffe, folder"):
        reader("x")


@pytest.mark.parametrize(
    ("word", "split"),
    [
        ("TRAIN", "train"),
        ("Training", "train"),
        ("val", "validation"),
        ("PublicTest", "validation"),
        ("PrivateTest", "test"),
        (" test ", "test"),
        ("happy", None),
        ("", None),
    ],
)
def test_split_words(word, split):
    assert find_split(word) == split
