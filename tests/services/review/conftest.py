"""Faces to review."""

import pytest

from tests.conftest import fill


@pytest.fixture
def faces(store):
    return fill(store, "D", [3, 5, 1, 0])
