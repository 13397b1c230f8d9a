"""Two installations and a backup of the second, for tests that restore it into the first."""

import hashlib

import pytest

from fercore.services.system import backup as backup_service
from fercore.services.training import recipes, snapshots
from fercore.settings import Settings
from fercore.store import open_store
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.store.review.test_decisions import decide


def files_of(store):
    """Every file of an installation but its database, by the hash of its content."""
    roots = (store.settings.data_dir, store.settings.models_dir)
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith("fercore.db")
    }


@pytest.fixture
def here(store):
    """An installation with something in every place."""
    first, *_ = fill(store, "here", [3, 0, None])
    decide(store, "a", first, emotion=5)
    snapshots.freeze(store, "s", ["here"])
    (store.photos / "ab").mkdir()
    (store.photos / "ab" / "abcd").write_bytes(b"an old photo")
    (store.run_folder(1) / "model.keras").write_bytes(b"an old model")
    (store.settings.models_dir / "README.md").write_text("stays")
    recipes.save(store, MODERN.model_copy(update={"name": "mine"}))
    return store


@pytest.fixture
def there(tmp_path):
    """Another installation, beside the one that is restored into."""
    folder = tmp_path / "there"
    opened = open_store(Settings(data_dir=folder / "data", models_dir=folder / "models", user="b"))
    yield opened
    opened.database.close()


@pytest.fixture
def backup(there, tmp_path):
    """A backup of another installation."""
    fill(there, "there", [1, 2, 3, 4])
    (there.photos / "cd").mkdir()
    (there.photos / "cd" / "cdef").write_bytes(b"a photo " * 500)
    (there.run_folder(7) / "model.keras").write_bytes(b"a model")
    file = tmp_path / "b.zip"
    backup_service.backup(there, file)
    return file
