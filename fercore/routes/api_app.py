"""The API without the pages: an ASGI app of its own, for its own names only."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from fercore.routes.api import Api, no_route
from fercore.routes.api_errors import ApiError

if TYPE_CHECKING:
    from fercore.services.system.installation import Store


class _OwnNames:
    """ASGI middleware that refuses requests for names that are not this installation's."""

    def __init__(self, app: ASGIApp, bound_to: str) -> None:
        self._app, self._bound_to = app, bound_to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        from fercore.services.system import hosts

        is_request = scope["type"] == "http"
        if is_request and not hosts.is_allowed(Headers(scope=scope).get("host"), None, self._bound_to):
            await ApiError(403, "other_host", hosts.REFUSED).response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def api_only(opened: Callable[[], "Store"], bound_to: str) -> Starlette:
    """The app; `bound_to` is the address that it listens on."""
    return Starlette(
        routes=Api(opened).routes(),
        middleware=[Middleware(_OwnNames, bound_to=bound_to.lower())],
        exception_handlers={HTTPException: no_route},
    )
