"""What the first visitor would wait for, done while the browser still loads Streamlit's own files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread
from typing import Any, Final

FIRST_NEEDED: Final = ("streamlit.emojis", "fercore.ui.frame", "fercore.ui.page", "fercore.ui.jobs", "fercore.ui.start")


@asynccontextmanager
async def warmed(_app: Any) -> AsyncIterator[None]:
    """The app's lifespan: import beside the server, so that its port answers at once."""
    Thread(target=_import, daemon=True).start()
    yield


def _import() -> None:
    for module in FIRST_NEEDED:
        import_module(module)
