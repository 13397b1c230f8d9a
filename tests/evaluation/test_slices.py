"""Slices are the best of all conjunctions, as counting every one of them says."""

from itertools import combinations

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.evaluation import slices


def all_of_them(attributes, wrong, least, count, most, weight):
    """Every conjunction counted, the best first."""
    properties = [(name, int(code)) for name, codes in attributes.items() for code in np.unique(codes[codes >= 0])]
    found = []
    for size in range(1, most + 1):
        for members in combinations(range(len(properties)), size):
            chosen = [properties[at] for at in members]
            if len({name for name, _ in chosen}) < size:
                continue
            inside = np.logical_and.reduce([attributes[name] == code for name, code in chosen])
            n, errors = int(inside.sum()), int(wrong[inside].sum())
            if n >= least and errors:
                points = float(slices.score(n, errors, len(wrong), int(wrong.sum()), weight))
                if points > 1e-9:
                    found.append((-round(points, 12), size, members, n, errors))
    return [(tuple(properties[at] for at in members), n, errors) for _, _, members, n, errors in sorted(found)[:count]]


@pytest.mark.parametrize("seed", range(60))
def test_the_best_conjunctions_are_found(seed):
    chance = np.random.default_rng(seed)
    faces = int(chance.integers(20, 300))
    names = "abcdef"[: int(chance.integers(1, 7))]
    attributes = {name: chance.integers(-1, int(chance.integers(1, 5)), faces) for name in names}
    wrong = chance.random(faces) < 0.5 * chance.random()
    wrong |= np.logical_and.reduce([codes == 0 for codes in list(attributes.values())[:3]])
    wrong[0] = True
    least, count, most = int(chance.integers(1, 20)), int(chance.integers(1, 12)), int(chance.integers(1, 4))
    weight = float(chance.choice([0.5, 0.8, 0.95, 0.99, 1.0]))
    found = slices.find(attributes, wrong, least, count, most, weight)
    expected = all_of_them(attributes, wrong, least, count, most, weight)
    assert [(each.properties, each.n, each.wrong) for each in found] == expected


def planted(faces=4000):
    """Faces misread one time in five, and dark pictures of older men two times in three."""
    chance = np.random.default_rng(0)
    attributes = {
        "gender": chance.integers(0, 2, faces),
        "age": chance.integers(0, 6, faces),
        "brightness": chance.integers(0, 3, faces),
        "quality": chance.integers(0, 3, faces),
        "label": chance.integers(0, 7, faces),
    }
    there = (attributes["gender"] == 1) & (attributes["age"] == 5) & (attributes["brightness"] == 0)
    return attributes, chance.random(faces) < np.where(there, 0.67, 0.2), there


def test_a_planted_slice_is_the_first():
    attributes, wrong, there = planted()
    found = slices.find(attributes, wrong, 40, 50)
    assert set(found[0].properties) == {("gender", 1), ("age", 5), ("brightness", 0)}
    assert (found[0].holds(attributes) == there).all() and found[0].n == there.sum()


def test_slices_of_the_same_faces_are_named_once():
    attributes, wrong, _ = planted()
    attributes["copy"] = attributes["age"].copy()
    found = slices.find(attributes, wrong, 40, 50)
    kept = slices.distinct(found, attributes, 5)
    assert kept[0] == found[0] and len(kept) <= 5
    for one, other in combinations(kept, 2):
        first, second = one.holds(attributes), other.holds(attributes)
        assert (first & second).sum() <= 0.5 * (first | second).sum()


def test_properties_that_only_chance_made_worse_are_dropped():
    attributes, wrong, there = planted()
    found = slices.find(attributes, wrong, 40, 300)
    told = slices.telling(found, attributes, wrong)
    assert len(told) < len(found) / 4 and told[0].n == there.sum()
    for each in told:
        for at in range(len(each.properties)):
            inside = each.holds(attributes)
            rest = [attributes[name] == code for place, (name, code) in enumerate(each.properties) if place != at]
            added = np.logical_and.reduce([~inside, *rest])
            assert wrong[inside].mean() > wrong[added].mean() + 0.02
    attributes["copy"] = attributes["age"].copy()
    assert not any(
        {"age", "copy"} <= {name for name, _ in each.properties}
        for each in slices.telling(slices.find(attributes, wrong, 40, 300), attributes, wrong)
    ), "a property that adds nothing tells nothing"


def test_most_conjunctions_are_never_counted(monkeypatch):
    attributes, wrong, _ = planted()
    counted = []
    whole = slices._Search._counted
    monkeypatch.setattr(
        slices._Search,
        "_counted",
        lambda self, inside, columns: counted.extend(columns) or whole(self, inside, columns),
    )
    slices.find(attributes, wrong, 40, 5, weight=0.9)
    properties = sum(len(np.unique(codes)) for codes in attributes.values())
    assert properties < len(counted) < 300, "of 815 conjunctions that there are"


@pytest.mark.parametrize(
    ("attributes", "wrong"),
    [
        pytest.param({}, np.ones(5, bool), id="no attribute"),
        pytest.param({"a": np.zeros(5, np.int64)}, np.zeros(5, bool), id="no mistake"),
        pytest.param({"a": np.full(5, -1)}, np.ones(5, bool), id="all unknown"),
        pytest.param({"a": np.zeros(5, np.int64)}, np.ones(5, bool), id="everything wrong"),
    ],
)
def test_nothing_is_found_where_nothing_is(attributes, wrong):
    assert slices.find(attributes, wrong, 1) == []


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="a code for each face"):
        slices.find({"a": np.zeros(4, np.int64)}, np.ones(5, bool), 1)
