"""Requests that the API answers: not too many, from no page of another site, and with the token where one is set."""

import secrets
import time
from typing import Final

from starlette.requests import Request

from fercore.language import tr
from fercore.routes.api_errors import ApiError
from fercore.routes.api_limits import Rate

_SCHEME: Final = "bearer "
_ASKED: Final = 'Bearer realm="fercore"'


def check(request: Request, rate: Rate, token: str) -> None:
    """Raise ApiError for a request that is not answered."""
    from fercore.services.system import hosts

    rate.count(address(request), time.monotonic())
    if hosts.is_from_elsewhere(request.headers):
        message = tr("Pages of other sites cannot use this API. Ask it from a program, or from a page of its own.")
        raise ApiError(403, "other_site", message)
    if token and not _has(request, token):
        message = tr("This API needs its token: send the header 'Authorization: Bearer TOKEN'.")
        raise ApiError(401, "no_token", message, WWW_Authenticate=_ASKED)


def address(request: Request) -> str:
    """The address that the request comes from; empty where a socket has none."""
    return request.client.host if request.client else ""


def _has(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "")
    if not given.lower().startswith(_SCHEME):
        return False
    return secrets.compare_digest(given[len(_SCHEME) :].strip().encode(), token.encode())
