"""Parts of a page that show running work: drawn again by a timer, which lets the queue go on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from fercore.services.system import queue
from fercore.ui.shell.session import fragment, store


def live(part: Callable[..., None], *arguments: Any, seconds: float | None) -> None:
    """Draw a part, and again every so many seconds (None: once).

    Each time but the first the queue goes on, so that opening a page starts nothing.
    """
    drawn = False

    @wraps(part)
    def tick() -> None:
        nonlocal drawn
        if drawn:
            queue.advance(store())
        drawn = True
        part(*arguments)

    fragment(tick, run_every=seconds)
