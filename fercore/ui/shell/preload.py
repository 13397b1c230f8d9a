"""Work beside the server: imports that visitors would wait for, and an eye on what they left behind."""

import inspect
import logging
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

from fercore.errors import FercoreError
from fercore.process import uncollected

if TYPE_CHECKING:
    from fercore.services.system.installation import Store

FIRST_NEEDED: Final = (
    "streamlit.emojis",
    "fercore.ui.shell.navigation",
    "fercore.ui.shell.layout",
    "fercore.ui.widgets.job_panel",
    "fercore.ui.system.home",
    "numpy",  # Streamlit asks for these two before it reads the app's icon
    "PIL.Image",
)
LATER_NEEDED: Final = (
    "fercore.services.jobs",
    "scipy.stats",
    "fercore.ui.datasets.import_form",
    "fercore.ui.datasets.extraction_form",
    "fercore.ui.datasets.dataset_panel",
    "fercore.ui.review_grid",
    "fercore.ui.review.agreement",
    "fercore.ui.training.runs",
    "fercore.ui.comparison.table",
    "fercore.ui.audit.face_map",
    "fercore.ui.prediction.photos",
    "fercore.ui.prediction.batch",
    "fercore.ui.prediction.clip",
)
PAUSE: Final = 2.0  # seconds, in which the first page is painted undisturbed
SWEEP_SECONDS: Final = 60.0
_LOG: Final = logging.getLogger(__name__)


@asynccontextmanager
async def warmed(_app: Any) -> AsyncIterator[None]:
    """The app's lifespan: import beside the server, so that its port answers at once; sweep while it runs."""
    ended = Event()
    Thread(target=_warm, args=(ended,), daemon=True).start()
    yield
    ended.set()


def shared_store() -> "Store":
    """The installation that pages and routes have in common; its module is not imported before somebody asks."""
    from fercore.ui.shell.session import store

    return store()


def _warm(ended: Event) -> None:
    with uncollected():
        _import(FIRST_NEEDED)
        _look_once()
        inspect.stack()  # Streamlit does at its first element; the files of all modules are remembered
    time.sleep(PAUSE)
    with uncollected():
        _import(LATER_NEEDED)
    sweep_until(ended)


def sweep_until(ended: Event) -> None:
    """Delete what visitors' jobs left behind, at once and every minute."""
    from fercore.services.prediction import visits
    from fercore.ui.shell.session import store

    while True:
        try:
            visits.sweep(store())
        except Exception:  # whatever it is, a minute later it may be over
            _LOG.warning("Visitors' files could not be swept", exc_info=True)
        if ended.wait(SWEEP_SECONDS):
            return


def _look_once() -> None:
    """Open the store, let waiting jobs go on, and count once, for which SQLAlchemy prepares what later queries use."""
    from fercore.services.system import queue
    from fercore.services.system.overview import overview
    from fercore.ui.shell.session import store

    with suppress(FercoreError):  # the page will say it
        queue.advance(store())
        overview(store())


def _import(modules: Iterable[str]) -> None:
    for module in modules:
        import_module(module)
