"""What commands print about none, one and two things, in grammatical English."""

import re

import pytest
from click.testing import CliRunner

from fercore.cli import cli
from tests.conftest import fill
from tests.services.datasets.test_imports import csv_file, row
from tests.services.review.votes import say

HAPPY, SAD = 3, 5
WRONG = re.compile(
    r"\b(?:1 (?:[a-z]+ )?(?!(?:is|was)\b)(?:[a-z]+s|people)|[02] (?:face|row|decision|label|photo|file|run))\b"
)


def lines(*words):
    answer = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(
            0,
            [
                "0 labels of 'D' changed; 0 faces disputed.",
                "0 decisions written to",
                "0 decisions added, 0 already known.",
                "0 decisions reverted.",
            ],
            id="none",
        ),
        pytest.param(
            1,
            [
                "1 label of 'D' changed; 1 face disputed.",
                "2 decisions written to",
                "0 decisions added, 2 already known.",
                "1 decision reverted.",
            ],
            id="one",
        ),
        pytest.param(
            2,
            [
                "2 labels of 'D' changed; 2 faces disputed.",
                "4 decisions written to",
                "0 decisions added, 4 already known.",
                "2 decisions reverted.",
            ],
            id="two",
        ),
    ],
)
def test_commands_about_decisions(lite, tmp_path, count, expected):
    faces = fill(lite, "D", [HAPPY] * 3)
    if count:
        say(lite, "kim", faces[:count], HAPPY)
        say(lite, "lee", faces[:count], SAD)
    file = tmp_path / "d.csv"
    given = [
        lines("review", "rule", "unanimous", "--dataset", "D", "--yes"),
        lines("review", "export", file),
        lines("review", "import", file),
        lines("review", "revert", "--reviewer", "lee"),
    ]
    assert [text.startswith(start) for text, start in zip(given, expected, strict=True)] == [True] * 4, given


@pytest.mark.parametrize("count", [1, 2])
def test_commands_about_faces_and_files(lite, tmp_path, count):
    rows = [row(HAPPY, number) for number in range(count)]
    source = csv_file(tmp_path, [*rows, *["3,1 2 3,Training"] * count])
    words = ["import", "fer2013", source, "--dataset", "D", "--skip-bad"]
    given = [
        lines(*words),
        lines(*words),
        lines("snapshot", "s", "--dataset", "D"),
        lines("export", "dataset", "D", "--format", "parquet", "--to", tmp_path / "p"),
        lines("export", "snapshot", "s", "--format", "csv", "--to", tmp_path / "s.csv"),
        lines("backup", tmp_path / "b.zip"),
        lines("restore", tmp_path / "b.zip", "--replace"),
        lines("snapshot", "t", "--dataset", "D"),
        lines("snapshot-diff", "s", "t"),
    ]
    things = {1: ("1 face added", "1 row skipped"), 2: ("2 faces added", "2 rows skipped")}[count]
    assert all(thing in given[0] for thing in things)
    assert [match[0] for text in given if (match := WRONG.search(text))] == []
