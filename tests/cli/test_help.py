"""What `--help` says of values, and the two ways to name a dataset."""

import re

import click
import pytest

from fercore.cli import cli
from fercore.services.datasets import catalogue
from tests.cli.test_names import answer, document
from tests.conftest import fill
from tests.services.review.votes import say

KNOWN = ("NAME", "NAME[,NAME…]", "NUMBER", "NUMBER[,NUMBER…]", "RUN", "TASK", "SHARE", "TIME", "DATE", "TEXT")
OTHERS = ("imagenet|none|FILE", "votes|labels|FILE", "PART/PARTS", "SENTENCE", "DATASET:SPLIT", "HOST", "PORT")


def commands(group=cli, before=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        if not command.hidden:
            yield (*before, name), command


@pytest.mark.parametrize("words", [pytest.param(words, id=" ".join(words)) for words, _ in commands()])
def test_each_value_is_named_by_a_noun(words):
    shown = answer(*words, "--help")
    assert "INTEGER" not in shown and "FLOAT" not in shown and "%Y" not in shown
    assert " TEXT" not in shown or words == ("task",)
    defaults = re.findall(r"\[default:\s+([^\];]+)", shown)
    assert not [default for default in defaults if default.isupper()], "the word itself, not its name in the code"


def test_the_same_option_has_the_same_placeholder_everywhere():
    placeholders = {}
    for _, command in commands():
        for option in command.params:
            if isinstance(option, click.Option) and option.metavar:
                placeholders.setdefault(option.opts[0], set()).add(option.metavar)
    assert {name: result for name, result in placeholders.items() if len(result) > 1} == {}
    assert {row for result in placeholders.values() for row in result} <= {*KNOWN, *OTHERS}
    assert placeholders["--dataset"] == {"NAME"} and placeholders["--twice"] == {"SHARE"}


@pytest.mark.parametrize("words", [["D"], ["--dataset", "D"], ["D", "--dataset", "D"]], ids=" ".join)
def test_a_dataset_is_named_by_an_argument_or_an_option(lite, words):
    ids = fill(lite, "D", [3, 4])
    for who in ("Kim", "Lee"):
        say(lite, who, ids, 5)
    assert [item["added"] for item in document("imports", *words)] == [2]
    assert "of" in answer("agreement", *words)
    assert answer("remove", *words, "--yes") == "'D' is deleted.\n"


@pytest.mark.parametrize("words", [[], ["D", "--dataset", "E"]], ids=["none", "two"])
@pytest.mark.parametrize("command", ["imports", "agreement", "remove"])
def test_one_dataset_must_be_named(lite, command, words):
    fill(lite, "D", [3])
    fill(lite, "E", [3], start=9)
    with pytest.raises(click.UsageError, match="Name one dataset"):
        answer(command, *words)
    assert len(catalogue.summaries(lite)) == 2
