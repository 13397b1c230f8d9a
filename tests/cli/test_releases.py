"""`fercore release`, as a shell sees it."""

import json

import pytest

from fercore.cli import cli
from fercore.errors import NotFoundError
from fercore.services.datasets import releases
from tests.conftest import fill


@pytest.fixture
def recorded(lite):
    """A release that was recorded of one dataset, the same faces again, a part of them, and others."""
    for name, count, start in (("D", 3, 0), ("same", 3, 0), ("part", 2, 0), ("other", 3, 50)):
        fill(lite, name, [1] * count, start=start)
    releases.record(lite, "mine", "D")
    return lite


@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize(
    ("dataset", "code", "verdict"),
    [
        ("same", 0, "These are the faces and labels of mine."),
        ("part", 3, "This is a part of mine."),
        ("other", 3, "This is not the mine that was released."),
    ],
)
def test_a_check_ends_by_its_verdict(recorded, capsys, dataset, code, verdict, options):
    ended = cli.main(["release", "check", "mine", "--dataset", dataset, *options], standalone_mode=False)
    printed = capsys.readouterr().out
    assert (ended or 0) == code
    assert (json.loads(printed)["sentences"] if options else printed.splitlines())[0] == verdict


@pytest.mark.parametrize(("release", "dataset"), [("none", "D"), ("mine", "none")])
def test_an_unknown_release_or_dataset_is_a_users_mistake(recorded, release, dataset):
    with pytest.raises(NotFoundError):
        cli.main(["release", "check", release, "--dataset", dataset], standalone_mode=False)
