"""A dataset with faults of several kinds."""

import numpy as np
import pytest

from fercore.drawing.faces import dataset as drawn
from tests.curation.duplicates.pictures import gray
from tests.services.audit.planted import put


@pytest.fixture
def faulty(store):
    """210 drawn faces, every seventh with the next emotion's label; 30 test faces have a brighter copy in training."""
    pixels, labels = drawn("west", 30, 0)
    order = np.random.default_rng(0).permutation(len(labels))
    given = [(int(labels[place]) + (at % 7 == 0)) % 7 for at, place in enumerate(order)]
    train = put(store, "D", pixels[order], labels=given)
    copies = [gray(face + 15.0) for face in pixels[order][:30]]
    test = put(store, "D", copies, "test", given[:30])
    return train, test
