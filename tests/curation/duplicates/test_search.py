"""Copies are found whatever small change was made to them; strangers are not."""

import numpy as np
import pytest

from fercore.curation.duplicates import search
from fercore.curation.duplicates.confirmation import SIMILAR
from fercore.drawing.faces import dataset as drawn
from fercore.errors import Cancelled
from tests.conftest import noise
from tests.curation.duplicates.pictures import compressed, cropped, found, gray, moved, noisy, pictures, rescaled

CHANGES = {
    "lighter": ("brightness", lambda face: gray(face + 15.0)),
    "darker": ("brightness", lambda face: gray(face - 30.0)),
    "less contrast": ("brightness", lambda face: gray((face - 128.0) * 0.6 + 128)),
    "more contrast": ("brightness", lambda face: gray((face - 128.0) * 1.3 + 128)),
    "JPEG": ("near", lambda face: compressed(face, 40)),
    "noise": ("near", lambda face: noisy(face, 3)),
    "rescaled": ("near", lambda face: rescaled(face, 32)),
    "one pixel down": ("cropped", lambda face: moved(face, 1, 0)),
    "two pixels up and to the right": ("cropped", lambda face: moved(face, -2, 2)),
    "three pixels to the left": ("cropped", lambda face: moved(face, 0, -3)),
    "two pixels cut off around": ("cropped", lambda face: cropped(face, 2, 2, 2, 2)),
    "three pixels cut off at the left": ("cropped", lambda face: cropped(face, 0, 0, 3, 0)),
    "mirrored": ("mirrored", lambda face: face[:, ::-1]),
    "mirrored and lighter": ("mirrored", lambda face: gray(face[:, ::-1] + 15.0)),
    "mirrored and moved": ("mirrored", lambda face: moved(np.ascontiguousarray(face[:, ::-1]), 2, -1)),
}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("kind", "change"), [pytest.param(*row, id=name) for name, row in CHANGES.items()])
def test_a_changed_copy_is_found_and_its_change_named(kind, change, seed):
    originals = pictures(300, seed)
    copies = np.stack([change(face) for face in originals[:40]])
    pairs = {(pair.face, pair.other): pair for pair in found(np.concatenate([originals, copies])).pairs}
    planted = [(at, 300 + at) for at in range(40)]
    assert sum(key in pairs for key in planted) >= 38
    assert set(pairs) <= set(planted), "strangers"
    kinds = [str(pair.kind) for pair in pairs.values()]
    assert kinds.count(kind) >= len(kinds) - 1
    assert all(SIMILAR <= pair.similarity <= 1 for pair in pairs.values())


@pytest.mark.parametrize(
    "faces",
    [
        pytest.param(np.stack([noise(number) for number in range(2_000)]), id="noise"),
        pytest.param(pictures(2_000, 5), id="smooth"),
        pytest.param(gray(pictures(2_000, 6) * 0.5 + pictures(1, 7) * 0.5), id="one average face"),
        pytest.param(gray(pictures(500, 8) * 0.1 + 100), id="pale"),
    ],
)
def test_strangers_are_no_copies(faces):
    assert found(faces).pairs == []


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_copies_of_noise_are_found_among_noise(seed):
    faces = np.stack([noise(number) for number in range(seed * 1000, seed * 1000 + 400)])
    copies = np.concatenate(
        [gray(faces[:20] * 0.8 + 10), faces[20:40, :, ::-1], [moved(each, 0, 3) for each in faces[40:60]]]
    )
    pairs = {(pair.face, pair.other) for pair in found(np.concatenate([faces, copies])).pairs}
    assert pairs <= {(at, 400 + at) for at in range(60)} and len(pairs) >= 50, (
        "noise that is moved between pixels is hard"
    )


def test_the_same_pixels_are_one_picture():
    faces = pictures(3)[[0, 1, 0, 2, 1, 0]]
    copies = found(faces)
    assert copies.picture.tolist() == [0, 1, 0, 3, 1, 0] and copies.pairs == []


@pytest.mark.parametrize(
    "faces",
    [
        pytest.param(np.full((5_000, 48, 48), 7, np.uint8), id="of one gray"),
        pytest.param(np.arange(5_000)[:, None, None] % 256 + np.zeros((1, 48, 48), int), id="of all grays"),
        pytest.param(
            120 + np.random.default_rng(0).integers(-1, 2, (5_000, 48, 48)), id="of grays that nobody can tell apart"
        ),
    ],
)
def test_thousands_of_blank_faces_are_linked_once_each(faces):
    """All pairs of them would be twelve million."""
    faces = faces.astype(np.uint8)
    copies = found(np.concatenate([pictures(50), faces]))
    different = len(np.unique(faces.reshape(len(faces), -1), axis=0))
    assert [str(pair.kind) for pair in copies.pairs] == ["blank"] * (different - 1)
    assert {pair.face for pair in copies.pairs} <= {50} and {pair.similarity for pair in copies.pairs} <= {None}
    assert len(copies.blank) == different


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_faces_are_searched_like_many(count):
    faces = pictures(1)[[0] * count] + np.arange(count, dtype=np.uint8)[:, None, None] * 9
    assert [(pair.face, pair.other, str(pair.kind)) for pair in found(faces).pairs] == [(0, 1, "brightness")][
        : count - 1
    ]


def test_the_search_reads_some_thousand_faces_at_a_time_and_says_how_far_it_is():
    faces = np.stack([noise(number) for number in range(5_000)])
    sizes, steps = [], []

    def read(places):
        assert (np.diff(places) > 0).all()
        sizes.append(len(places))
        return faces[places]

    keys = np.stack([np.arange(5_000, dtype=np.uint64)] * 2, axis=1)
    search.find(keys, read, lambda done, total, message: steps.append((message, done, total)))
    assert sizes[:2] == [4_096, 904]
    assert [step for step in steps if step[1] == step[2]][:2] == [
        ("Reading faces", 5_000, 5_000), ("Comparing hashes", 5_000, 5_000)
    ]  # fmt: skip


@pytest.mark.parametrize("phase", ["Reading faces", "Comparing hashes", "Comparing pictures"])
def test_the_search_stops_where_it_is_asked_to(phase):
    faces = pictures(200)
    twice = np.concatenate([faces, gray(faces + 12.0)])

    def progress(done, total, message):
        if message == phase:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        found(twice, progress=progress)


def test_the_copies_are_the_same_at_every_search():
    faces = np.concatenate([pictures(400), pictures(400)[:100, :, ::-1]])
    first, second = found(faces), found(faces)
    assert first.pairs == second.pairs and len(first.pairs) == 100


@pytest.mark.parametrize("style", ["west", "east"])
def test_drawn_faces_of_one_style_are_few_copies(style):
    """They are drawn from the same parts, and some are as alike as two copies."""
    faces, _ = drawn(style, 60, 0)
    assert len(found(faces).pairs) <= 20
