"""Duplicates in the store: within and across datasets and splits, without rejected faces."""

import hashlib

import numpy as np
import pytest

from fercore.errors import InputError, NotFoundError
from fercore.services.audit import duplicates
from tests.curation.duplicates.pictures import gray, moved, pictures
from tests.services.audit.planted import put
from tests.services.review.votes import say

HAPPY, SAD, FEAR = 3, 5, 2


def test_groups_lie_within_and_across_datasets_and_splits(store):
    faces = pictures(6)
    west = put(store, "West", faces[[0, 1, 0, 2]], labels=[HAPPY, SAD, HAPPY, FEAR])
    tested = put(store, "West", [gray(faces[2] + 12.0), faces[3]], "test", [SAD, HAPPY])
    east = put(store, "East", [faces[1][:, ::-1], faces[4]], labels=[SAD, None])
    audit = duplicates.audit(store, ["West", "East"])
    assert [tuple(face.face for face in group.faces) for group in audit.groups] == [
        (west[3], tested[0]), (west[0], west[2]), (west[1], east[0])
    ]  # fmt: skip
    assert [group.contradicts for group in audit.groups] == [True, False, False]
    assert [group.keeper for group in audit.groups] == [tested[0], west[0], west[1]]
    assert audit.groups[0].faces[1].split == "test" and audit.groups[2].faces[1].dataset == "East"
    assert {kind: count for kind, count in audit.counts.items() if count} == {
        "exact": 1, "brightness": 1, "mirrored": 1
    }  # fmt: skip
    assert (audit.faces, audit.superfluous, audit.datasets) == (8, 3, ("West", "East"))


def test_one_dataset_alone_and_the_same_twice(store):
    faces = pictures(3)
    put(store, "A", faces[[0, 1]])
    put(store, "B", faces[[0, 2]])
    assert duplicates.audit(store, ["A"]).groups == ()
    assert len(duplicates.audit(store, ["B", "A", "B"]).groups) == 1


def test_rejected_faces_are_left_out_and_reviewed_ones_kept(store):
    face = pictures(1)[0]
    ids = put(store, "D", [face, face, moved(face, 0, 2), face])
    say(store, "Kim", ids[1:2], HAPPY)
    say(store, "Kim", ids[3:], reason="not a face")
    audit = duplicates.audit(store, ["D"])
    assert [face.face for face in audit.groups[0].faces] == ids[:3]
    assert audit.groups[0].keeper == ids[1] and (audit.faces, audit.rejected) == (3, 1)


@pytest.mark.parametrize(("names", "error"), [(["D", "nowhere"], NotFoundError), ([], InputError)])
def test_names_must_be_those_of_datasets(lite, names, error):
    put(lite, "D", pictures(1))
    with pytest.raises(error):
        duplicates.audit(lite, names)


def test_a_row_of_json_for_each_kind_of_change(lite):
    faces = pictures(2)
    ids = put(lite, "D", [faces[0], faces[0], gray(faces[0] + 12.0), faces[1]], labels=[HAPPY, SAD, None, HAPPY])
    document = duplicates.as_json(duplicates.audit(lite, ["D"]))
    same = hashlib.sha256(faces[0].tobytes()).hexdigest()
    assert document["groups"][0] == {
        "kind": "exact",
        "pixels": [same, same],
        "labels": ["Happy", "Sad"],
        "faces": ids[:2],
        "places": [["D", "train"]] * 2,
        "group": 1,
        "keep": document["groups"][0]["keep"],
        "contradicts": True,
    }
    assert document["groups"][1]["kind"] == "brightness" and document["groups"][1]["labels"] == ["Happy", "Sad", None]
    assert document["counts"] == {"exact": 1, "blank": 0, "brightness": 1, "near": 0, "cropped": 0, "mirrored": 0}
    assert {"datasets", "faces", "superfluous", "rejected"} <= set(document)


@pytest.mark.slow
def test_exact_groups_of_fer2013_are_those_that_a_count_of_pixels_gives(lite, shared_data):
    """Real faces; the count knows nothing of the search."""
    file = shared_data / "fer2013" / "train.npz"
    if not file.exists():
        pytest.skip(f"no FER2013: {file} does not exist")
    faces = np.load(file)["images"][:6_000]
    ids = put(lite, "FER2013", faces)
    audit = duplicates.audit(lite, ["FER2013"])
    places: dict[bytes, list[int]] = {}
    for number, face in zip(ids, faces, strict=True):
        places.setdefault(face.tobytes(), []).append(number)
    expected = {tuple(sorted(numbers)) for numbers in places.values() if len(numbers) > 1}
    exact = {kind.faces for group in audit.groups for kind in group.kinds if kind.kind == "exact"}
    assert exact == expected and audit.counts["exact"] == len(expected) > 20
