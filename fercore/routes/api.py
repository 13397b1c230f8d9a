"""The API's routes, and the answer to whatever goes wrong behind them: a document, never a traceback."""

import logging
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from fercore import language
from fercore.language import tr
from fercore.routes import api_access, api_runs
from fercore.routes.api_errors import ApiError, document
from fercore.routes.api_health import Health, answer
from fercore.routes.api_limits import Rate, Turns, UploadsMemory
from fercore.routes.api_predict import predict

if TYPE_CHECKING:
    from fercore.services.system.installation import Store

PATH: Final = "/api/v1"
_LOG: Final = logging.getLogger(__name__)
_BEHIND_THE_PAGE: Final = 5  # added to a thread's niceness, where threads have one
_GONE: Final = 499

Handler = Callable[["Store", Request], Awaitable[Response]]


class Api:
    """The API over one installation, which is opened when the first request comes."""

    def __init__(self, opened: Callable[[], "Store"]) -> None:
        self._opened = opened
        self._store: Store | None = None
        self._rate: Rate | None = None
        self._turns: Turns | None = None
        self._memory = UploadsMemory()
        self._health = Health()

    def routes(self, below: str = "") -> list[BaseRoute]:
        """The routes below the path at which the app is served, as "/faces"."""
        listed = [
            Route("/predict", self._guarded(self._predict), methods=["POST"]),
            Route("/runs", self._guarded(_in_thread(api_runs.listed)), methods=["GET"]),
            Route("/runs/{number}/card", self._guarded(_in_thread(api_runs.card)), methods=["GET"]),
            Route("/openapi.json", self._guarded(_openapi), methods=["GET"]),
        ]
        inner = Starlette(routes=listed, exception_handlers={HTTPException: no_route})
        return [Mount(f"{below}{PATH}", app=inner), Route(f"{below}/healthz", self._healthz, methods=["GET"])]

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            language.use("ko" if request.headers.get("accept-language", "").lower().startswith("ko") else "en")
            try:
                store = await self._open()
                assert self._rate is not None
                api_access.check(request, self._rate, store.settings.api_token.get_secret_value())
                return await handler(store, request)
            except ApiError as error:
                return error.response
            except ClientDisconnect:
                return Response(status_code=_GONE)
            except Exception as error:
                return _explained(error)

        return guarded

    async def _open(self) -> "Store":
        if self._store is None:
            store = await run_in_threadpool(self._opened)
            self._rate = self._rate or Rate(store.settings.api_rate)
            self._store = store
        return self._store

    async def _predict(self, store: "Store", request: Request) -> Response:
        if self._turns is None:
            from fercore.machine import cores

            self._turns = Turns(await run_in_threadpool(cores), _step_back)
        return await predict(store, request, self._memory, self._turns)

    async def _healthz(self, _: Request) -> Response:
        try:
            store = await self._open()
            content, status = await run_in_threadpool(self._health.look, store)
        except Exception:
            _LOG.exception("The installation could not be opened")
            content, status = answer(False)
        return document(content, status)


def _in_thread(made: Callable[["Store", str], Any]) -> Handler:
    """A handler of what needs the store and, for some, a run's number."""

    async def handler(store: "Store", request: Request) -> Response:
        return document(await run_in_threadpool(made, store, request.path_params.get("number", "")))

    return handler


async def _openapi(store: "Store", _: Request) -> Response:
    from fercore.routes.api_document import described

    return document(described(bool(store.settings.api_token.get_secret_value())))


def no_route(_: Request, error: Exception) -> Response:
    """The answer to an address or a method that there is not."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return ApiError(
            405, "method_not_allowed", tr("This address takes {methods} only.", methods=allowed), Allow=allowed
        ).response
    return ApiError(404, "not_found", tr("There is no such address: see {document}.", document="openapi.json")).response


def _explained(error: Exception) -> Response:
    """The answer to a failure: a sentence that the client can do something with, or none that names places here."""
    from sqlalchemy.exc import SQLAlchemyError

    from fercore.errors import FercoreError, InputError, NotFoundError

    if isinstance(error, NotFoundError):
        return ApiError(404, "not_found", error).response
    if isinstance(error, InputError):
        return ApiError(422, "not_usable", error).response
    _LOG.error("A request of the API failed", exc_info=error)
    if isinstance(error, FercoreError | SQLAlchemyError):
        message = tr("The model or the database cannot be used now. The log of the server says more.")
        return ApiError(503, "unavailable", message, Retry_After="30").response
    return ApiError(
        500, "own_fault", tr("This is a fault of fercore itself. The log of the server says more.")
    ).response


def _step_back() -> None:
    """Let the page's threads go first on Linux, where each thread has a niceness of its own."""
    if sys.platform != "linux":
        return
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + _BEHIND_THE_PAGE)
