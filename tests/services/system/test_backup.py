"""Backup and restore bring a whole installation back, from either database into either."""

import pytest
from sqlalchemy import select

from fercore.errors import InputError
from fercore.services.datasets import aihub_labels
from fercore.services.system import backup, restore
from fercore.services.training import recipes, snapshots
from fercore.settings import Settings
from fercore.sources.emotion_map import SHIPPED
from fercore.store import open_store
from fercore.store.tables import Base
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.store.review.test_decisions import decide


def everything(store):
    with store.database.reading() as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables}


@pytest.fixture
def full(store):
    """An installation with decisions, a snapshot, a photo copy and a model."""
    first, *_ = fill(store, "D", [3, 0, None])
    decide(store, "a", first, emotion=5)
    snapshots.freeze(store, "s", ["D"])
    (store.photos / "ab").mkdir()
    (store.photos / "ab" / "abcd").write_bytes(b"a photo")
    (store.run_folder(1) / "model.keras").write_bytes(b"a model")
    recipes.save(store, MODERN.model_copy(update={"name": "내 것"}))
    aihub_labels.own_file(store).write_bytes(SHIPPED.read_bytes())
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request, tmp_path):
    """Another, empty installation."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres")()
    folder = tmp_path / "other"
    opened = open_store(Settings(data_dir=folder / "data", models_dir=folder / "models", database_url=url, user="b"))
    yield opened
    opened.database.close()


def test_round_trip(full, other, tmp_path):
    backup.backup(full, tmp_path / "b.zip")
    restore.restore(other, tmp_path / "b.zip")
    assert everything(other) == everything(full)
    assert (other.photos / "ab" / "abcd").read_bytes() == b"a photo"
    assert (other.run_folder(1) / "model.keras").read_bytes() == b"a model"
    assert recipes.named(other, "내 것") == recipes.named(full, "내 것")
    assert aihub_labels.own_file(other).read_bytes() == SHIPPED.read_bytes()
    assert fill(other, "E", [3])[0] > 3, "new faces get new numbers"


def test_a_full_installation_is_not_overwritten_unasked(full, tmp_path):
    backup.backup(full, tmp_path / "b.zip")
    before = everything(full)
    with pytest.raises(InputError, match="not empty"):
        restore.restore(full, tmp_path / "b.zip")
    restore.restore(full, tmp_path / "b.zip", replace=True)
    assert everything(full) == before


def test_files_of_long_ago_are_packed(full, tmp_path):
    import os

    old = full.run_folder(1) / "model.keras"
    os.utime(old, (0, 0))
    backup.backup(full, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").is_file()
