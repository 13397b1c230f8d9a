"""Which requests the app answers: those for its own names, from its own pages, and media of the asking browser alone.

A page of a foreign name can be led to this machine by DNS rebinding: its requests carry that name in `Host`.
"""

import ipaddress
import secrets
import socket
from collections.abc import Sequence
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BROWSER_COOKIE: Final = "fercore_browser"
MEDIA: Final = "media"
EVERYWHERE: Final = ("", "0.0.0.0", "::")
REFUSED: Final = (
    "This address is not one of fercore's own. Open the app by the name or address it is bound to, or add the name to "
    "FERCORE_HOSTS and restart it."
)


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
    if scope["type"] == "http":
        await PlainTextResponse(REFUSED, 403)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": "host or origin not allowed"})


def is_allowed(host: str | None, origin: str | None) -> bool:
    """True if a `Host` is one of the app's, and an `Origin`, if there is one, the same or a name that was set."""
    name = _hostname(f"//{host}") if host else None
    if name is None or not _is_known(name):
        return False
    if origin is None:
        return True
    return urlsplit(origin).netloc.lower() == str(host).lower() or _is_set(_hostname(origin) or "")


def _hostname(url: str) -> str | None:
    """The name or address in a URL's authority, in small letters; None for what is no such thing."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment or not parts.hostname:
        return None
    return parts.hostname.lower().rstrip(".")


def _is_known(name: str) -> bool:
    if name == "localhost" or _is_loopback(name):
        return True
    return _is_set(name) or name in _own_names(_bound_to())


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_set(name: str) -> bool:
    """True if FERCORE_HOSTS has the name; `*.example.org` stands for all below example.org, `*` for any."""
    for pattern in _hosts():
        if pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:])):
            return True
    return False


@cache
def _hosts() -> Sequence[str]:
    from fercore.settings import read_settings

    return read_settings().host_names


def _bound_to() -> str:
    import streamlit as st

    return str(st.get_option("server.address") or "").lower()


@cache
def _own_names(address: str) -> frozenset[str]:
    """The names and addresses by which this machine is reached where the app is bound to this address."""
    if address not in EVERYWHERE:
        return frozenset({address}) if not _is_loopback(address) and address != "localhost" else frozenset()
    names = {socket.gethostname().lower(), socket.getfqdn().lower()}
    return frozenset(names | _addresses(names))


def _addresses(names: set[str]) -> set[str]:
    """The addresses of this machine: those of its names, and those it would send from."""
    addresses: set[str] = set()
    for name in names:
        try:
            addresses |= {str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(name, None)}
        except OSError:
            continue
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))  # sends nothing: it only chooses the address to send from
                addresses.add(str(probe.getsockname()[0]))
        except OSError:
            continue
    return addresses | _interface_addresses()


def _interface_addresses() -> set[str]:
    """The addresses of all network interfaces, where psutil is there to list them."""
    try:
        import psutil
    except ImportError:
        return set()
    listed = (address for addresses in psutil.net_if_addrs().values() for address in addresses)
    return {
        address.address.partition("%")[0].lower()
        for address in listed
        if address.family in (socket.AF_INET, socket.AF_INET6)
    }


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
