"""`fercore audit`: documents with the promised keys, a few lines for people, clear refusals."""

import click
import numpy as np
import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InputError, NotFoundError
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
    assert shown.startswith(
        "5 faces of D. Groups of duplicates: 2; with contradicting labels: 1; faces beyond one of each group: 2."
    )
    assert "Happy, Sad" in shown and len(shown.splitlines()) == 7
    assert answer("audit", "leaks", "D").splitlines()[2].split() == ["D", "·", "train", "D", "·", "test", "1", "1", "1"]


def test_many_groups_are_not_all_shown(lite):
    put(lite, "D", np.repeat(pictures(14), 2, axis=0))
    shown = answer("audit", "duplicates", "D")
    assert len(shown.splitlines()) < 20 and shown.endswith("Further groups, listed by --json: 4.\n")


@pytest.mark.parametrize("command", ["duplicates", "leaks"])
def test_datasets_without_duplicates_and_without_splits(lite, command):
    put(lite, "D", pictures(3))
    assert "3 faces of D." in answer("audit", command, "D")


def test_labels_as_a_document_and_in_a_few_lines(lite):
    put(lite, "D", pictures(30), labels=[number % 7 for number in range(30)])
    printed = document("audit", "labels", "D", "--split", "train")
    assert (printed["method"], printed["run"], len(printed["findings"])) == ("features", None, 30)
    scores = [finding["score"] for finding in printed["findings"]]
    assert all(0 <= score <= 1 for score in scores) and len({each["pixels"] for each in printed["findings"]}) == 30
    assert printed["issues"] == sum(finding["is_issue"] for finding in printed["findings"])
    assert all(finding["suggested"] != finding["label"] for finding in printed["findings"])
    shown = answer("audit", "labels", "D").splitlines()
    assert shown[0] == f"30 faces of D, by features. Labels that look wrong: {printed['issues']}." and len(shown) == 13
    assert shown[-1] == "Further faces, listed by --json: 20."


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--method", "run"], InputError),
        (["--run", "1"], InputError),
        (["--method", "guess"], click.BadParameter),
        (["--split", "half"], click.BadParameter),
        (["--method", "run", "--run", "7"], NotFoundError),
        (["--method", "dynamics", "--run", "7"], NotFoundError),
    ],
)
def test_labels_that_cannot_be_audited(audited, options, error):
    with pytest.raises(error):
        answer("audit", "labels", "D", *options)


def test_bad_pictures_as_a_document_and_in_a_few_lines(lite):
    put(lite, "D", [*pictures(20), *np.arange(14, dtype=np.uint8)[:, None, None] * np.ones((1, 48, 48), np.uint8)])
    printed = document("audit", "faces", "D", "--split", "train")
    assert len(printed["findings"]) == 34 and printed["count"] == printed["counts"]["blank"] == 14
    assert [each["kind"] for each in printed["findings"][:14]] == ["blank"] * 14
    shown = answer("audit", "faces", "D").splitlines()
    assert shown[0] == "34 faces of D. Pictures that look like no whole face: 14." and len(shown) == 15
    assert shown[-1] == "Further pictures, listed by --json: 4."
    assert answer("audit", "faces", "D", "--split", "test").startswith("0 faces of D.")


def test_bias_as_a_document_in_a_table_and_by_a_rule(lite, tmp_path):
    faces = pictures(60)
    faces[::2] //= 4
    put(lite, "D", faces, labels=[HAPPY, SAD] * 30)
    put(lite, "E", pictures(40, 1), "test", labels=[SAD] * 40)
    printed = document("audit", "bias", "D", "E")
    assert (printed["datasets"], printed["faces"], printed["checks"]) == (["D", "E"], 100, 12)
    assert printed["count"] == sum(each["is_finding"] for each in printed["associations"] + printed["shortcuts"]) > 2
    told = {(each["dataset"], each["measure"]): each for each in printed["shortcuts"]}
    assert told["D", "brightness"]["balanced_accuracy"] == 1 and told["D", "brightness"]["chance"] == 0.5
    assert {each["second"] for each in printed["associations"]} == {"dataset"}
    shown = answer("audit", "bias", "D", "E")
    assert shown.startswith(f"100 faces of D, E. Associations and shortcuts found: {printed['count']} of 12 checked.\n")
    assert "emotion x dataset" in shown and "D or E" in shown and "border contrast" in shown
    rules = tmp_path / "rules.yaml"
    rules.write_text("bias: {max_count: 1}")
    words = ["audit", "bias", "D", "E", "--rules", str(rules)]
    assert CliRunner().invoke(cli, words, standalone_mode=False).return_value == 3
    rules.write_text("bias: {max_share: 1.0}")
    assert not CliRunner().invoke(cli, words, standalone_mode=False).return_value


@pytest.mark.parametrize("command", ["duplicates", "leaks", "labels", "faces", "bias"])
@pytest.mark.parametrize(("names", "error"), [(["nowhere"], NotFoundError), ([], click.MissingParameter)])
def test_names_that_are_none(audited, command, names, error):
    """The command line ends with 2 for both."""
    with pytest.raises(error):
        answer("audit", command, *names)
