"""What visitors would wait for, done beside the server: first what the first page needs, later the other pages."""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread
from typing import Any, Final

FIRST_NEEDED: Final = ("streamlit.emojis", "fercore.ui.frame", "fercore.ui.page", "fercore.ui.jobs", "fercore.ui.start")
LATER_NEEDED: Final = (
    "fercore.ui.bringing",
    "fercore.ui.dataset",
    "fercore.ui.review_grid",
    "fercore.ui.runs",
    "fercore.ui.comparison",
    "fercore.ui.prediction",
)
PAUSE: Final = 2.0  # seconds, in which the first page is painted undisturbed


@asynccontextmanager
async def warmed(_app: Any) -> AsyncIterator[None]:
    """The app's lifespan: import beside the server, so that its port answers at once."""
    Thread(target=_warm, daemon=True).start()
    yield


def _warm() -> None:
    _import(FIRST_NEEDED)
    time.sleep(PAUSE)
    _import(LATER_NEEDED)


def _import(modules: Iterable[str]) -> None:
    for module in modules:
        import_module(module)
