"""English again after each test of a language."""

from collections.abc import Iterator

import pytest

from fercore import language


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    """A test may leave another language behind."""
    yield
    language.use("en")
