"""Faces that all runs get wrong and that only one gets right equal counting face by face."""

from collections import Counter

import numpy as np
import pytest

from fercore.evaluation.mistakes import all_wrong, most_said, one_right


@pytest.mark.parametrize(("seed", "runs", "n"), [(seed, 1 + seed % 6, 3 + 17 * seed) for seed in range(12)])
def test_mistakes_equal_counting(seed, runs, n):
    random = np.random.default_rng(seed)
    labels = random.integers(0, 7, n)
    said = np.where(random.random((runs, n)) < 0.3, labels, random.integers(0, 7, (runs, n)))
    right = said == labels
    hits = [[run for run in range(runs) if right[run, face]] for face in range(n)]
    assert all_wrong(right).tolist() == [face for face in range(n) if not hits[face]]
    faces, rows = one_right(right)
    assert list(zip(faces.tolist(), rows.tolist(), strict=True)) == [
        (face, hits[face][0]) for face in range(n) if len(hits[face]) == 1
    ]
    emotions, counts = most_said(said, labels)
    for face in range(n):
        wrong = Counter(emotion for emotion in said[:, face].tolist() if emotion != labels[face])
        most = max(wrong.values(), default=0)
        assert counts[face] == most
        if most:
            assert emotions[face] == min(emotion for emotion, count in wrong.items() if count == most)


def test_nothing_is_found_among_no_faces():
    none = np.empty((2, 0), bool)
    assert all_wrong(none).size == one_right(none)[0].size == one_right(none)[1].size == 0
