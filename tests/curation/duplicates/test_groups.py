"""Groups of copies: their middle, chains, the face to keep, kinds of change."""

import numpy as np
import pytest

from fercore.curation.duplicates import groups
from fercore.curation.duplicates.confirmation import DuplicatePair
from fercore.curation.duplicates.groups import FaceFacts
from fercore.curation.duplicates.kinds import DuplicateKind
from fercore.curation.duplicates.search import Copies
from tests.curation.duplicates.pictures import cropped, found, gray, moved, pictures

EXACT, NEAR, MIRRORED = DuplicateKind.EXACT, DuplicateKind.NEAR, DuplicateKind.MIRRORED


def grouped(picture, pairs, labels=None, faces=None):
    """The groups of faces by number of picture and pairs of (face, other, kind)."""
    copies = Copies(np.array(picture), [DuplicatePair(*pair, 0.95) for pair in pairs], np.empty(0, np.int64))
    faces = pictures(len(picture)) if faces is None else faces
    facts = {at: FaceFacts(labels[at] if labels else 3, "train", False, 0) for at in range(len(picture))}
    return groups.grouped(copies, facts.__getitem__, lambda at: faces[at])


@pytest.mark.parametrize(
    ("picture", "pairs", "expected"),
    [
        pytest.param([0, 1, 2], [], [], id="no copies"),
        pytest.param([0, 1, 0, 0], [], [(0, 2, 3)], id="same pixels"),
        pytest.param([0, 1, 2, 3], [(0, 1, NEAR), (2, 3, NEAR)], [(0, 1), (2, 3)], id="two groups"),
        pytest.param([0, 1, 0, 1], [(0, 1, NEAR)], [(0, 1, 2, 3)], id="copies of two pictures that are near"),
        pytest.param([0, 1, 2, 3], [(0, 1, NEAR), (1, 2, NEAR), (1, 3, NEAR)], [(0, 1, 2, 3)], id="around one middle"),
        pytest.param([0, 1, 2], [(0, 1, NEAR), (1, 2, MIRRORED)], [(0, 1, 2)], id="two kinds"),
    ],
)
def test_copies_are_groups(picture, pairs, expected):
    assert [group.faces for group in grouped(picture, pairs)] == expected


def test_a_chain_of_strangers_is_cut():
    """Each resembles the next one, the ends nothing: frames of a film in which an expression comes and goes."""
    chain = [(at, at + 1, NEAR) for at in range(6)]
    result = grouped(list(range(7)), chain)
    assert [group.faces for group in result] == [(0, 1, 2), (3, 4, 5)]


def test_a_chain_of_crops_of_one_picture_is_one_group():
    face = pictures(1)[0]
    faces = np.stack([face, moved(face, 3, 0), moved(face, 6, 0), moved(face, 6, 3), cropped(face, 3, 3, 3, 3)])
    result = grouped(list(range(5)), [(0, 1, NEAR), (1, 2, NEAR), (2, 3, NEAR), (0, 4, NEAR)], faces=faces)
    assert [group.faces for group in result] == [(0, 1, 2, 3, 4)]


def test_contradicting_labels_come_first_then_the_largest_groups():
    picture = [0, 1, 2, 0, 1, 2, 2, 7, 7]
    labels = [3, 3, 3, 3, 5, 3, None, None, 4]
    result = grouped(picture, [], labels)
    assert [(group.faces, group.contradicts) for group in result] == [
        ((1, 4), True), ((2, 5, 6), False), ((0, 3), False), ((7, 8), False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param(("train", False, 1), ("train", False, 1), 0, id="alike: the first"),
        pytest.param(("train", False, 1), ("train", False, 2), 1, id="the better picture"),
        pytest.param(("train", False, 9), ("validation", False, 2), 1, id="held out before the better picture"),
        pytest.param(("validation", False, 9), ("test", False, 2), 1, id="test before validation"),
        pytest.param(("train", True, 1), ("test", False, 9), 0, id="reviewed before all"),
    ],
)
def test_the_face_to_keep(first, second, kept):
    facts = [FaceFacts(3, *first), FaceFacts(3, *second)]
    assert groups.keeper([0, 1], facts.__getitem__) == kept


def test_a_group_is_listed_by_kinds_of_change():
    pairs = [(0, 1, NEAR), (1, 3, NEAR), (0, 5, MIRRORED)]
    (group,) = grouped([0, 1, 0, 3, 3, 5], pairs, faces=np.repeat(pictures(1), 6, axis=0))
    assert [(str(each.kind), each.faces) for each in group.by_kind()] == [
        ("exact", (0, 2)), ("exact", (3, 4)), ("near", (0, 1, 2, 3, 4)), ("mirrored", (0, 2, 5))
    ]  # fmt: skip
    assert [(pair.face, pair.other) for pair in group.pairs if pair.kind == EXACT] == [(0, 2), (3, 4)]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_planted_copies_are_in_the_group_of_their_original(seed):
    random = np.random.default_rng(seed)
    faces = pictures(200, seed)
    changes = [lambda face: gray(face + 12.0), lambda face: face[:, ::-1], lambda face: moved(face, 1, -1)]
    origins = random.permutation(200)[:60]
    copies = [changes[at % 3](faces[origin]) for at, origin in enumerate(origins)]
    together = np.concatenate([faces, copies])
    result = groups.grouped(found(together), lambda _: FaceFacts(None, "train", False, 0), lambda at: together[at])
    planted = {frozenset((int(origin), 200 + at)) for at, origin in enumerate(origins)}
    listed = {frozenset(group.faces) for group in result}
    assert listed <= planted and len(listed) >= 58
