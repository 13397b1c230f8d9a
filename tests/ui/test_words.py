"""Small words and tables of pages: shares, texts, counts, coefficients, decisions."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pandas as pd
import pytest

from fercore.curation.agreement import Estimate
from fercore.emotions import EMOTIONS
from fercore.language import use
from fercore.services.datasets import left_out
from fercore.services.review.agreement import CATEGORY_NAMES
from fercore.splits import SPLITS
from fercore.store.datasets.summaries import DatasetSummary
from fercore.store.review.history import PastDecision
from fercore.ui.review import agreement, history
from fercore.ui.shell import layout, text
from fercore.ui.widgets import tables as tables_page


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 0, "–"), (1, 0, "–"), (0, 3, "0%"), (1, 3, "33%"), (2, 3, "67%"), (3, 3, "100%")]
)
def test_share(part, whole, share):
    assert layout.share(part, whole) == share


@pytest.mark.parametrize(
    ("share", "count", "message"), [(0.0, 0, "–"), (0.0, 1, "0.0%"), (0.5555, 9, "55.5%"), (1, 1, "100.0%")]
)
def test_percent(share, count, message):
    assert layout.percent(share, count) == message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("Kim 2", "Kim 2"),
        ("**b**", r"\*\*b\*\*"),
        ("<b>:smile:$x$", r"\<b\>\:smile\:\$x\$"),
        ("two\nlines", "two lines"),
        ("a -> b", "a \\-\u2060\\> b"),
        ("a->b", r"a\-\>b"),
        ("<->", "\\<\u2060\\-\u2060\\>"),
        (7, "7"),
    ],
)
def test_literal(given, message):
    assert text.literal(given) == message


def dataset(name, unlabelled=None, rejected=None, **counts):
    every = {split: dict.fromkeys(EMOTIONS, 0) | counts.get(split, {}) for split in SPLITS}
    return DatasetSummary(
        1, name, "folder", 0, every, 0, 0, 0, rejected_in=rejected or {}, unlabelled_in=unlabelled or {}
    )


def test_counts_of_datasets_cell_by_cell():
    result = tables_page.counts_frame(
        [
            dataset("D", train={"Happy": 2, "Sad": 1}, test={"Fear": 4}),
            dataset("D 2", {"train": 3}, {"train": 2, "test": 1}),
            dataset("D 3", {"validation": 5}, validation={"Happy": 1}),
            dataset("E"),
        ]
    )
    columns = ["Dataset", "Split", "Happy", "Sad", "Fear", "Angry", "Unlabelled", "Rejected", "Faces"]
    assert result[columns].values.tolist() == [
        ["D", "train", 2, 1, 0, 0, 0, 0, 3],
        ["D", "test", 0, 0, 4, 0, 0, 0, 4],
        ["D 2", "train", 0, 0, 0, 0, 3, 2, 5],
        ["D 2", "test", 0, 0, 0, 0, 0, 1, 1],
        ["D 3", "validation", 1, 0, 0, 0, 5, 0, 6],
    ]
    parts = result.drop(columns=["Dataset", "Split", "Faces"])
    assert parts.sum(axis=1).tolist() == result["Faces"].tolist(), "every row adds up"


@pytest.mark.parametrize(
    ("counted", "answers"),
    [
        ({}, ""),
        ({"rejected": 0}, ""),
        ({"rejected": 1}, "Left out: 1 rejected."),
        ({"not sure": 1, "unlabelled": 1200}, "Left out: 1 not sure: a reviewer could not tell; 1,200 unlabelled."),
    ],
)
def test_what_is_left_out_is_named_by_reason(counted, answers):
    assert left_out.sentence(counted) == answers


def test_moments_are_this_machines_and_gaps_stay(tables):
    far = timezone(timedelta(hours=9))
    tables_page.show(pd.DataFrame({"n": [1, 2], "at": pd.to_datetime([datetime(2026, 11, 8, 3, tzinfo=far), None])}))
    [shown] = tables
    expected = datetime(2026, 11, 7, 18, tzinfo=UTC).astimezone().replace(tzinfo=None)
    assert shown["at"].tolist()[0] == expected and pd.isna(shown["at"].tolist()[1])
    assert shown["n"].tolist() == [1, 2]


@pytest.mark.parametrize(("index", "written"), [(False, "행복\r\n1\r\n"), (True, ",행복\r\n0,1\r\n")])
def test_files_are_read_by_excel_in_korean(tables, index, written):
    tables_page.download(pd.DataFrame({"행복": [1]}), "t.csv", "CSV", index)
    assert tables[0].decode("utf-8-sig").replace("\r\n", "\n") == written.replace("\r\n", "\n")
    assert tables[0].startswith(b"\xef\xbb\xbf")


def estimate(value=None, low=None, high=None):
    return Estimate(5, value, low, high)


@pytest.mark.parametrize(
    ("first", "number", "interval"),
    [
        pytest.param(estimate(0.12345, -0.1, 0.98765), "0.123", "-0.100 – 0.988", id="known"),
        pytest.param(estimate(0.0, 0.0, 0.0), "0.000", "0.000 – 0.000", id="nought"),
        pytest.param(estimate(), "–", "–", id="unknown"),
        pytest.param(estimate(0.5, None, 0.6), "0.500", "–", id="half an interval"),
        pytest.param(estimate(0.5, 0.4, None), "0.500", "–", id="the other half"),
    ],
)
def test_a_coefficient_as_text(first, number, interval):
    result = agreement._frame("People", {"Kim · Kim 2": first}, "kappa")
    assert result.values.tolist() == [["Kim · Kim 2", number, interval, 5]]
    assert list(result.columns) == ["People", "kappa", "95 % interval", "Faces"]


@pytest.mark.parametrize(("language", "happy", "rejected"), [("en", "Happy", "rejected"), ("ko", "행복", "제외됨")])
def test_what_was_said_of_the_same_face_stands_once_with_its_diagonal(language, happy, rejected):
    use(language)
    confused = [[row * 10 + column for column in range(8)] for row in range(8)]
    result = agreement._confused(SimpleNamespace(confused=confused))
    assert result.values.tolist() == [
        ["" if column < row else str(row * 10 + column) for column in range(8)] for row in range(8)
    ]
    assert result.index[3] == result.columns[3] == happy
    assert result.index[7] == rejected and list(result.index) == list(result.columns)
    assert len(result.index) == len(CATEGORY_NAMES)


def decision(**answers):
    plain = {"reviewer": "Kim 2", "kind": "relabelled", "emotion": 5, "before": 3, "reason": None, "advisor": None}
    plain["face_id"] = 7
    return plain | {"action": "a", "decided_at": datetime(2026, 1, 2, tzinfo=UTC)} | answers


@pytest.mark.parametrize(
    ("answers", "undone", "of", "cells"),
    [
        pytest.param({}, False, None, ["relabelled", "Sad", "Happy", "", "yes", ""], id="relabelled"),
        pytest.param({}, False, "Kim 2", ["relabelled", "Sad", "Happy", "", "yes", ""], id="one's own"),
        pytest.param({}, False, "Kim", ["relabelled (Kim)", "Sad", "Happy", "", "yes", ""], id="another's"),
        pytest.param(
            {"emotion": 0, "before": 0},
            True,
            None,
            ["relabelled", "Angry", "Angry", "", "no", ""],
            id="the first emotion",
        ),
        pytest.param(
            {"kind": "rejected", "emotion": None, "before": None, "reason": "blurred", "advisor": 0},
            False,
            None,
            ["rejected", "", "", "blurred", "yes", "0"],
            id="rejected",
        ),
    ],
)
def test_a_row_of_the_history(answers, undone, of, cells):
    result = history._frame(
        [PastDecision(**decision(**answers), dataset="D 2", identity="a/b.png", undone=undone, of=of)]
    )
    assert list(result.columns) == [
        *(
            "When",
            "Reviewer",
            "Dataset",
            "Face",
            "Name",
            "Decision",
            "Emotion",
            "Before",
            "Why",
            "In effect",
            "Model shown",
        ),
    ]
    assert result.iloc[0].tolist()[1:] == ["Kim 2", "D 2", "#7", "a/b.png", *cells]
    assert result.iloc[0]["When"] == pd.Timestamp("2026-01-02", tz="UTC")
