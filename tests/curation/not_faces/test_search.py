"""Pictures that are no whole face, among drawn faces."""

import cv2
import numpy as np
import pytest

from fercore.curation.not_faces import examples, fills, search, tones
from fercore.curation.not_faces.search import KINDS, NotFaceKind
from fercore.drawing.faces import dataset as drawn
from fercore.drawing.styles import Style


@pytest.fixture(scope="module")
def faces():
    return drawn(Style.WEST, 60, 0)[0]


def found(pictures, seed=0):
    return search.find(len(pictures), lambda places: pictures[places], seed)


def stripes():
    return np.where(np.arange(48) % 4 < 2, 20, 235).astype(np.uint8) * np.ones((48, 1), np.uint8)


def written():
    sheet = np.full((48, 48), 250, np.uint8)
    for line in range(8, 48, 10):
        cv2.putText(sheet, "abcdefgh", (-3, line), 0, 0.3, 10)
    return sheet


def noisy():
    return (np.full((48, 48), 90) + np.random.default_rng(1).normal(0, 8, (48, 48))).astype(np.uint8)


def one_half(face):
    return cv2.warpAffine(face, np.float32([[1, 0, 25], [0, 1, 0]]), (48, 48), borderMode=cv2.BORDER_REPLICATE)


def four(faces):
    small = [cv2.resize(face, (24, 24), interpolation=cv2.INTER_AREA) for face in faces]
    return np.vstack([np.hstack(small[:2]), np.hstack(small[2:])])


def filled(face, turns, filling, side=24):
    """The face with one of its four sides filled."""
    picture = np.rot90(face, turns).copy()
    fillings = {"gray": int(face.mean()), "edge": picture[:, side : side + 1], "mirror": picture[:, side:][:, ::-1]}
    picture[:, :side] = fillings.get(filling, filling)
    return np.ascontiguousarray(np.rot90(picture, -turns))


PLANTED = {
    "black": (lambda faces: np.zeros((48, 48), np.uint8), NotFaceKind.BLANK),
    "noise": (lambda faces: noisy(), NotFaceKind.BLANK),
    "text": (lambda faces: written(), NotFaceKind.TEXT),
    "half": (lambda faces: one_half(faces[0]), NotFaceKind.HALF),
    "filled": (lambda faces: filled(faces[0], 1, "edge"), NotFaceKind.HALF),
    "four": (four, NotFaceKind.SEVERAL),
}


@pytest.fixture(scope="module")
def planted(faces):
    """All of these among the faces, by the place of each, and what the search says."""
    pictures = faces.copy()
    places = {name: 60 * at + 20 for at, name in enumerate(PLANTED)}
    for name, place in places.items():
        pictures[place] = PLANTED[name][0](faces[place : place + 4])
    return places, found(pictures)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_picture_comes_first_and_its_fault_is_named(planted, name):
    places, result = planted
    assert places[name] in result.order[: len(PLANTED) + 4] and result.is_finding[places[name]]
    assert KINDS[result.kind[places[name]]] == PLANTED[name][1]
    assert result.is_finding.sum() < len(result.score) // 20


def test_scores_order_and_findings_agree(faces):
    pictures = faces.copy()
    pictures[[3, 5]] = [stripes(), np.zeros((48, 48), np.uint8)]
    result = found(pictures)
    assert sorted(result.order.tolist()) == list(range(len(faces)))
    assert (np.diff(result.score[result.order]) <= 0).all() and result.order[0] == 5
    assert (result.is_finding == (result.score > 0.5)).all()
    assert result.score.min() >= 0 and result.score.max() <= 1


def test_the_same_seed_gives_the_same_and_pictures_are_read_in_parts(faces, monkeypatch):
    monkeypatch.setattr(search, "_CHUNK", 100)
    asked, steps = [], []
    result = search.find(
        len(faces),
        lambda places: (asked.append(len(places)), faces[places])[1],
        progress=lambda done, total, message: steps.append((done, total)),
    )
    assert (result.score == found(faces).score).all()
    assert asked == [210, 210, 100, 100, 100, 100, 20] and steps[-1] == (420, 420)


@pytest.mark.parametrize("count", [0, 1, 2, 59])
def test_few_pictures_are_searched_for_blank_ones_and_text(faces, count):
    pictures = faces[:count].copy()
    pictures[-1:] = 7
    pictures[-2:-1] = written()
    result = found(pictures)
    assert len(result.score) == count and result.order[:2].tolist() == [*range(count)][::-1][:2]
    assert [KINDS[kind] for kind in result.kind[result.order[:2]]] == [NotFaceKind.BLANK, NotFaceKind.TEXT][:count]
    assert result.is_finding.sum() == min(count, 2)


def test_a_dataset_of_one_picture_has_no_findings(faces):
    """No face differs from another, so that no deviation can be measured."""
    assert not found(np.repeat(faces[:1], 80, axis=0)).is_finding.any()


def test_examples_are_made_of_faces_and_are_none(faces):
    random = np.random.default_rng(0)
    for make in (examples.half_faces, examples.several_faces, examples.scrambled_faces):
        made = make(faces[:20], random)
        assert made.shape == (20, 48, 48) and made.dtype == np.uint8
        assert (made != faces[:20]).reshape(20, -1).mean(1).min() > 0.3
    scrambled = examples.scrambled_faces(faces[:20], random)
    assert np.abs(scrambled.mean((1, 2)) - faces[:20].mean((1, 2))).max() < 8


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("filling", [0, 255, "gray", "edge", "mirror"])
def test_a_filled_side_is_half_a_face(faces, turns, filling):
    pictures = faces[:50].copy()  # of so few no model is made
    pictures[7] = filled(faces[7], turns, filling)
    result = found(pictures)
    assert result.is_finding[7] and KINDS[result.kind[7]] == NotFaceKind.HALF


@pytest.mark.parametrize(("side", "share"), [(0, 0.0), (1, 0.0), (2, 2 / 48), (16, 16 / 48), (24, 0.5), (48, 1.0)])
def test_black_borders_count_by_their_width(side, share):
    noise = np.random.default_rng(0).integers(0, 256, (48, 48)).astype(np.uint8)
    noise[:, 48 - side :] = 0
    between = fills.steps(noise[None])
    assert fills.filled(between) == pytest.approx([share])
    assert (share > fills.FILLED) == (side >= 20)


def test_symmetry_is_measured_about_axes_near_the_middle():
    noise = np.random.default_rng(0).integers(0, 256, (48, 48)).astype(np.uint8)
    centred = np.hstack([noise[:, :24], noise[:, :24][:, ::-1]])
    aside = np.hstack([noise[:, :30], noise[:, 12:30][:, ::-1]])
    nearly = centred.copy()
    nearly[:, 24:] ^= 1
    shown = np.stack([centred, centred.T, aside, nearly, noise, np.full((48, 48), 9, np.uint8)])
    assert fills.asymmetry(shown, fills.steps(shown)) == pytest.approx([0, 0, 0, 1, np.inf, np.inf])


def test_tones_and_structure():
    halves = np.zeros((48, 48), np.uint8)
    halves[:, 24:] = 200
    gradient = np.tile(np.linspace(0, 255, 48).astype(np.uint8), (48, 1))
    near = np.where(halves > 0, 120, 100).astype(np.uint8)
    assert tones.two_tones(np.stack([halves, near, gradient])) == pytest.approx([1.0, 0.5, 4 / 48])
    assert tones.two_tones(np.full((1, 48, 48), 255, np.uint8)) == pytest.approx([1.0])
    structure = tones.structure(np.stack([noisy(), gradient]))
    assert structure[0] < tones.BLANK < structure[1]
