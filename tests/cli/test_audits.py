"""`fercore audit`: documents with the promised keys, a few lines for people, clear refusals."""

import click
import numpy as np
import pytest

from fercore.errors import NotFoundError
from tests.cli.test_names import answer, document
from tests.curation.duplicates.pictures import gray, pictures
from tests.services.audit.planted import put

HAPPY, SAD = 3, 5


@pytest.fixture
def audited(lite):
    """A dataset whose test split has a training face and an altered copy of another."""
    faces = pictures(4)
    put(lite, "D", faces[:3], labels=[HAPPY, SAD, None], subjects=["01", "02", None])
    put(lite, "D", [faces[0], gray(faces[1] + 15.0)], "test", [SAD, SAD], ["01", None])
    return lite


def test_duplicates_as_a_document(audited):
    printed = document("audit", "duplicates", "D")
    assert [(group["kind"], group["labels"]) for group in printed["groups"]] == [
        ("exact", ["Happy", "Sad"]), ("brightness", ["Sad", "Sad"])
    ]  # fmt: skip
    assert all(len(group["pixels"]) == 2 and len(group["pixels"][0]) == 64 for group in printed["groups"])
    assert printed["counts"] == {"exact": 1, "blank": 0, "brightness": 1, "near": 0, "cropped": 0, "mirrored": 0}


def test_leaks_as_a_document(audited):
    (pair,) = document("audit", "leaks", "D")["pairs"]
    assert (pair["from"], pair["to"]) == (["D", "train"], ["D", "test"])
    assert (pair["exact"], pair["near"], pair["subjects"]) == (1, 1, 1)
    assert [face["kind"] for face in pair["faces"]] == ["exact", "brightness"]


def test_audits_in_a_few_lines(audited):
    shown = answer("audit", "duplicates", "D")
    assert shown.startswith("5 faces of D: 2 groups of duplicates, 1 with contradicting labels; 2 beyond one of each.")
    assert "Happy, Sad" in shown and len(shown.splitlines()) == 7
    assert answer("audit", "leaks", "D").splitlines()[2].split() == ["D", "·", "train", "D", "·", "test", "1", "1", "1"]


def test_many_groups_are_not_all_shown(lite):
    put(lite, "D", np.repeat(pictures(14), 2, axis=0))
    shown = answer("audit", "duplicates", "D")
    assert len(shown.splitlines()) < 20 and shown.endswith("4 more groups: --json lists them all.\n")


@pytest.mark.parametrize("command", ["duplicates", "leaks"])
def test_datasets_without_duplicates_and_without_splits(lite, command):
    put(lite, "D", pictures(3))
    assert "3 faces of D" in answer("audit", command, "D")


@pytest.mark.parametrize("command", ["duplicates", "leaks"])
@pytest.mark.parametrize(("names", "error"), [(["nowhere"], NotFoundError), ([], click.MissingParameter)])
def test_names_that_are_none(audited, command, names, error):
    """The command line ends with 2 for both."""
    with pytest.raises(error):
        answer("audit", command, *names)
