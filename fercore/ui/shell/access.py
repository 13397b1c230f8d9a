"""Requests that the app answers: for its own names, from its own pages, and media of the asking browser alone."""

import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fercore.services.system import hosts

BROWSER_COOKIE: Final = "fercore_browser"
MEDIA: Final = "media"
API: Final = "/api/v1/"


class Access:
    """ASGI middleware in front of all of Streamlit's routes, HTTP and WebSocket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not is_allowed(headers.get("host"), headers.get("origin")):
            await _refuse(scope, receive, send)
            return
        browser = _browser(headers)
        if scope["type"] == "http" and _is_media(scope["path"]) and not _is_own_media(scope["path"], browser):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        await self._app(scope, receive, send if browser else _naming(send, scope))


def _is_media(path: str) -> bool:
    """True if a path is that of Streamlit's media files, below the path at which the app is served."""
    import streamlit as st

    base = [part for part in str(st.get_option("server.baseUrlPath") or "").split("/") if part]
    return [part for part in path.split("/") if part][: len(base) + 1] == [*base, MEDIA]


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" and API in scope["path"]:  # programs are told in a document, as of all other refusals
        told = {"error": {"code": "other_host", "message": hosts.REFUSED}}
        await JSONResponse(told, 403)(scope, receive, send)
    elif scope["type"] == "http":
        await PlainTextResponse(hosts.REFUSED, 403)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": "host or origin not allowed"})


def is_allowed(host: str | None, origin: str | None) -> bool:
    """True if a `Host` is one of the app's, and an `Origin`, if there is one, the same or a name that was set."""
    return hosts.is_allowed(host, origin, _bound_to())


def _bound_to() -> str:
    import streamlit as st

    return str(st.get_option("server.address") or "").lower()


def _browser(headers: Headers) -> str | None:
    """The token by which a browser is known again."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(BROWSER_COOKIE)
    except CookieError:
        return None
    return cookie.value if cookie is not None and cookie.value else None


def _naming(send: Send, scope: Scope) -> Send:
    """Give a browser that has none a token with the page it asks for."""

    async def named(message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            secure = "; Secure" if scope.get("scheme") in ("https", "wss") else ""
            token = secrets.token_urlsafe(24)
            MutableHeaders(scope=message).append(
                "set-cookie", f"{BROWSER_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}"
            )
        await send(message)

    return named


def _is_page(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")


# Which browser a Streamlit session belongs to, as its first script run tells.
_browsers: Final[dict[str, str]] = {}


def remember_session() -> None:
    """Tie this script run's session to its browser; forget sessions that are over."""
    import streamlit as st
    from streamlit.runtime import exists, get_instance
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    token = st.context.cookies.get(BROWSER_COOKIE)
    if context is None or not token or _browsers.get(context.session_id) == token:
        return
    if exists():
        runtime = get_instance()
        for session in [session_id for session_id in _browsers if not runtime.is_active_session(session_id)]:
            _browsers.pop(session, None)
    _browsers[context.session_id] = token


def _is_own_media(path: str, browser: str | None) -> bool:
    """True if a file at a media address belongs to an open page of this browser."""
    from streamlit.runtime import exists, get_instance

    if browser is None or not exists():
        return False
    runtime = get_instance()
    file_id = path.rpartition("/")[2].partition(".")[0]
    files = runtime.media_file_mgr._files_by_session_and_coord
    own = [
        session
        for session, token in list(_browsers.items())
        if secrets.compare_digest(token.encode(), browser.encode()) and runtime.is_active_session(session)
    ]
    if any(file_id in files.get(session, {}).values() for session in own):
        return True
    # A download that is made on demand belongs to no session; its name is a hash of its content, known to its asker.
    on_demand = runtime.media_file_mgr._deferred_ids_by_session
    shown = any(file_id in of_session.values() for of_session in list(files.values()))
    return not shown and any(on_demand.get(session) for session in own)
