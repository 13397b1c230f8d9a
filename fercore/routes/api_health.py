"""A sign of life: the process answers, and its database does."""

import time
from typing import TYPE_CHECKING, Any, Final

from fercore import __version__

if TYPE_CHECKING:
    from fercore.services.system.installation import Store

_FRESH_SECONDS: Final = 1.0


class Health:
    """Asks the database once a second at most, however often it is asked itself."""

    def __init__(self) -> None:
        self._asked_at, self._is_well = float("-inf"), False

    def look(self, store: "Store") -> tuple[dict[str, Any], int]:
        """The answer and its status: 200, or 503 while the database does not answer."""
        from fercore.services.system import health

        if time.monotonic() - self._asked_at >= _FRESH_SECONDS:
            self._is_well, self._asked_at = health.database_answers(store), time.monotonic()
        return answer(self._is_well)


def answer(is_well: bool) -> tuple[dict[str, Any], int]:
    """The document and the status."""
    status = "ok" if is_well else "unavailable"
    return {"status": status, "version": __version__}, 200 if is_well else 503
