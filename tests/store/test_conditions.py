"""A condition on more numbers than a database takes parameters."""

import pytest
from sqlalchemy import select

from fercore.store.conditions import among
from fercore.store.tables import Face
from tests.conftest import fill


@pytest.mark.parametrize("more", [(), range(10**6, 10**6 + 100_000)], ids=["few", "many"])
def test_rows_among_numbers(store, more):
    ids = fill(store, "D", [3, 5, 1])
    with store.database.reading() as session:
        rows = session.scalars(select(Face.id).where(among(Face.id, [ids[2], ids[0], *more])).order_by(Face.id))
        assert list(rows) == [ids[0], ids[2]]
        assert list(session.scalars(select(Face.id).where(among(Face.id, [])))) == []
