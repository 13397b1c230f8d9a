"""What is shown of a source before it is stored, and of its problems afterwards."""

from collections import Counter

import pytest

from fercore.errors import Fault
from fercore.services.datasets.preview import Example, Preview
from fercore.ui.datasets import import_problems, preview

FAULTS = [Fault("row 3", "too short"), Fault("row 9", "no number")]


def drawn_of(stage, monkeypatch, **actual):
    drawn, walls = stage(), []
    monkeypatch.setattr(preview.face_wall, "wall_of", walls.append)
    preview.preview(Preview(**actual))
    return drawn, walls


@pytest.mark.parametrize(
    ("complete", "faces", "photos", "words"),
    [
        (True, 3, 0, "**Seen**: 3 faces"),
        (False, 1, 0, "**Found in the first seconds; there is more**: 1 face"),
        (True, 0, 2, "**Seen**: 0 faces, 2 photos"),
    ],
)
def test_what_was_seen(stage, monkeypatch, complete, faces, photos, words):
    drawn, _ = drawn_of(stage, monkeypatch, complete=complete, faces=faces, photos=photos)
    assert drawn.said("markdown")[0].startswith(words) and drawn.said("expander") == []


def test_a_source_that_is_still_listed_shows_nothing_more(stage, monkeypatch):
    drawn, walls = drawn_of(stage, monkeypatch, listing=True, listed=FAULTS, problems=2)
    assert [kind for kind, *_ in drawn.drawn] == ["info"] and walls == []


def test_words_splits_and_examples(stage, monkeypatch):
    words, splits = Counter({("기쁨", 3): 5, ("", None): 2, ("화", 0): 1}), Counter({"train": 1200, "test": 3})
    examples = [Example("기쁨", 3, b"a"), Example("", None, b"b")]
    drawn, walls = drawn_of(stage, monkeypatch, faces=8, words=words, splits=splits, examples=examples)
    assert drawn.said("dataframe")[0].values.tolist() == [
        ["기쁨", "Happy", 5],
        ["–", "unlabelled", 2],
        ["화", "Angry", 1],
    ]
    assert drawn.said("caption") == ["train: 1,200 · test: 3"]
    assert walls == [[(b"a", ""), (b"b", "unlabelled")]]


@pytest.mark.parametrize(
    ("faults", "problems", "title", "answers"),
    [
        (0, 2, "2 problems and notices", []),
        (1, 2, "2 problems and notices", ["1 of them stops the import"]),
        (2, 9, "9 problems and notices", ["2 of them stop the import", "These are the first 2."]),
        (0, 3, "3 problems and notices", ["These are the first 2."]),
    ],
)
def test_problems_before_an_import(stage, monkeypatch, faults, problems, title, answers):
    drawn, _ = drawn_of(stage, monkeypatch, listed=FAULTS, problems=problems, faults=faults)
    [(given, named)] = drawn.of("expander")
    assert (given[0], named["expanded"]) == (title, faults > 0)
    assert [text.startswith(words) for words, text in zip(answers, drawn.said("caption")[1:], strict=True)] == [
        True
    ] * len(answers)
    assert drawn.said("dataframe")[-1].values.tolist() == [["row 3", "too short"], ["row 9", "no number"]]


@pytest.mark.parametrize(
    ("file", "offered"), [("", False), ("gone.csv", False), ("../logs/p.csv", True), ("p.csv", True)]
)
def test_the_file_of_all_problems(stage, monkeypatch, lite, file, offered):
    drawn = stage()
    monkeypatch.setattr(import_problems, "store", lambda: lite)
    (lite.logs / "p.csv").write_text("where,why\n")
    import_problems.download(file, "import-7")
    assert [(given[1](), given[2]) for given, _ in drawn.of("download_button")] == [(b"where,why\n", "p.csv")] * offered
