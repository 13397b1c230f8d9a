"""Maps of faces for the browser: points and columns in bytes, and answers on what is chosen.

Each request names the token that its page was given; without one that fits, there is no map.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from fercore.errors import FercoreError

if TYPE_CHECKING:
    from fercore.routes.map_requests import Selection
    from fercore.services.audit.map_access import MapAccess

TOKEN: Final = "x-fercore-token"
BROWSER_COOKIE: Final = "fercore_browser"
LARGEST_REQUEST: Final = 256 * 1024
FIRST_FACES: Final = 24
_PRIVATE: Final = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}

Answer = Callable[["MapAccess", Request], Response]


def _guarded(answer: Answer) -> Callable[[Request], Response]:
    """Answer only to a token that opens this map."""

    @wraps(answer)
    def guarded(request: Request) -> Response:
        access = _access(request)
        if access is None:
            return PlainTextResponse("Not found", 404)
        try:
            return answer(access, request)
        except FercoreError:
            return PlainTextResponse("Not found", 404)

    return guarded


def _access(request: Request) -> "MapAccess | None":
    from fercore.services.audit import map_access

    browser = request.cookies.get(BROWSER_COOKIE)
    return map_access.opened(request.headers.get(TOKEN), browser, request.path_params["key"])


@_guarded
def points(access: "MapAccess", request: Request) -> Response:
    """N float32 from left to right, then N from below to above; as they are, since compressing gains a twentieth."""
    return _bytes(request, access.view.body, {"Content-Encoding": "identity"})


@_guarded
def column(access: "MapAccess", request: Request) -> Response:
    """The legend as a line of JSON, a line feed, and N bytes of codes."""
    run = request.query_params.get("run", "")
    wanted = access.view.column(request.path_params["column"], int(run) if run.isdigit() and len(run) < 10 else None)
    return _bytes(request, json.dumps(wanted.as_json()).encode() + b"\n" + wanted.codes.tobytes())


@_guarded
def face(access: "MapAccess", request: Request) -> Response:
    """One face by its place."""
    import numpy as np

    place = request.path_params["place"]
    if place >= len(access.view.ids):
        return PlainTextResponse("Not found", 404)
    return JSONResponse(_shown(access.view.faces(np.array([place])))[0], headers=_PRIVATE)


async def select(request: Request) -> Response:
    """Choose faces: their number, the first of them, and a name under which the page finds the selection."""
    from pydantic import ValidationError

    from fercore.routes.map_requests import Selection

    access = _access(request)
    if access is None:
        return PlainTextResponse("Not found", 404)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_REQUEST:
            return PlainTextResponse("Too large", 413)
    try:
        wanted = Selection.model_validate_json(body)
    except ValidationError:
        return PlainTextResponse("Not understood", 400)
    return await run_in_threadpool(_select, access, wanted)


def _select(access: "MapAccess", wanted: "Selection") -> Response:
    import numpy as np

    from fercore.services.audit import map_access
    from fercore.services.audit.map_view import MapFilter

    codes = None if wanted.codes is None else tuple(code for code in wanted.codes if 0 <= code <= 255)
    polygon = None if wanted.polygon is None else np.array(wanted.polygon)
    try:
        chosen = access.view.chosen(MapFilter(polygon, wanted.column, codes), wanted.run)
    except FercoreError:
        return PlainTextResponse("Not found", 404)
    first = chosen[np.unique(np.linspace(0, len(chosen) - 1, FIRST_FACES).astype(np.int64))] if len(chosen) else chosen
    faces = _shown(access.view.faces(first))
    name = map_access.keep(access, chosen)
    return JSONResponse({"selection": name, "count": len(chosen), "faces": faces}, headers=_PRIVATE)


def _shown(faces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pixels as text."""
    return [{**each, "gray": each["gray"] and base64.b64encode(each["gray"]).decode()} for each in faces]


def _bytes(request: Request, body: bytes, more: dict[str, str] | None = None) -> Response:
    """Bytes that a browser keeps, and asks for again with its token only to hear that they are the same."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**_PRIVATE, "ETag": tag, **(more or {})}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/octet-stream", headers=headers)
