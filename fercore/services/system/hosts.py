"""Names and addresses under which this installation is opened, and the sites whose pages may ask it.

A page of a foreign name can be led to this machine by DNS rebinding: its requests carry that name in `Host`.
"""

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final
from urllib.parse import urlsplit

EVERYWHERE: Final = ("", "0.0.0.0", "::")
REFUSED: Final = (
    "This address is not one of fercore's own. Open the app by the name or address it is bound to, or add the name to "
    "FERCORE_HOSTS and restart it."
)


def is_allowed(host: str | None, origin: str | None, bound_to: str) -> bool:
    """True if a `Host` is one of the app's, and an `Origin`, if there is one, the same or a name that was set.

    `bound_to` is the address that the app listens on, empty for all.
    """
    name = _hostname(f"//{host}") if host else None
    if name is None or not _is_known(name, bound_to):
        return False
    if origin is None:
        return True
    return _is_same(origin, str(host)) or _is_set(_hostname(origin) or "")


def is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """True if a browser says in these headers that a page of another site asks; `*` among the names is not one of them.

    Programs send none of these headers. A browser's form does not need an answer to have done its work.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site not in (None, "same-origin", "none"):
        return True
    if origin is None or _is_same(origin, headers.get("host", "")):
        return False
    return not any(_fits(pattern, _hostname(origin) or "") for pattern in _hosts() if pattern != "*")


def _is_same(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False


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


def _is_known(name: str, bound_to: str) -> bool:
    if name == "localhost" or _is_loopback(name):
        return True
    return _is_set(name) or name in _own_names(bound_to)


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_set(name: str) -> bool:
    """True if FERCORE_HOSTS has the name; `*.example.org` stands for all below example.org, `*` for any."""
    return any(_fits(pattern, name) for pattern in _hosts())


def _fits(pattern: str, name: str) -> bool:
    return pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))


@cache
def _hosts() -> Sequence[str]:
    from fercore.settings import read_settings

    return read_settings().host_names


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
