"""Votes as shares to learn."""

import numpy as np

from fercore.curation.snapshots import SnapshotRow, content_hash
from fercore.curation.soft_labels import shares


def test_shares_are_those_of_the_votes_and_the_label_where_all_agreed():
    rows = [SnapshotRow(1, "aa", 3, "train", bytes([0, 0, 0, 2, 1, 1, 0])), SnapshotRow(2, "bb", 0, "train")]
    result = shares(rows)
    assert result is not None and result.dtype == np.float32
    np.testing.assert_array_equal(result, [[0, 0, 0, 0.5, 0.25, 0.25, 0], [1, 0, 0, 0, 0, 0, 0]])
    assert shares(rows[1:]) is None and shares([]) is None


def test_votes_are_part_of_the_content():
    plain = SnapshotRow(1, "aa", 3, "train")
    assert content_hash([plain]) != content_hash([plain._replace(votes=bytes([0, 0, 0, 2, 1, 0, 0]))])
