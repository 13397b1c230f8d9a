"""Engines: this machine, or a cluster."""

from fercore.jobs.engine import Engine
from fercore.lanes import EngineName
from fercore.settings import Settings
from fercore.store import Store


def chosen(settings: Settings) -> str:
    """The name of the engine for trainings and evaluations; what reads local files always runs here."""
    return EngineName.RAY if settings.ray_address else EngineName.LOCAL


def engine(store: Store, name: str) -> Engine:
    """The engine of that name."""
    if name == EngineName.RAY:
        from fercore.jobs.ray import Ray

        return Ray(store)
    from fercore.jobs.local import Local

    return Local(store)
