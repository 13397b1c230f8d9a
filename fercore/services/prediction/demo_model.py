"""The run that predicts where none is named."""

from fercore.store import Store
from fercore.store.training import runs


def default_run(store: Store) -> int | None:
    """The run whose training ended last with a model; None where there is none."""
    with store.database.reading() as session:
        return runs.newest_trained(session)
