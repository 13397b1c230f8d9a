"""An installation: its database and its folders, opened, and in words what its database could not do."""

from collections.abc import Callable

from fercore.settings import Settings
from fercore.store import Store as Store
from fercore.store import open_store
from fercore.store.database_errors import reason as reason
from fercore.store.database_errors import sentence as sentence


def opened(settings: Settings, warn: Callable[[str], object]) -> Store:
    """The installation of these settings, migrated; `warn` hears what had to be recovered.

    Raises InputError or StoredDataError where it cannot be used.
    """
    store = open_store(settings)
    if store.recovered:
        warn(store.recovered)
    return store
