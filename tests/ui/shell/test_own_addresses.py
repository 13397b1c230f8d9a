"""Addresses of this machine, and what the app is bound to."""

import sys
from types import SimpleNamespace

import pytest

from fercore.services.system import hosts
from fercore.ui.shell import access


def test_the_addresses_of_this_machine_are_known():
    assert "127.0.0.1" in hosts._interface_addresses() | {"127.0.0.1"}
    assert hosts._addresses({"localhost"}) >= {"127.0.0.1"}


class Probe:
    """A socket that would send from an address of its own, or finds no way."""

    def __init__(self, family, kind):
        self.family, self.kind = family, kind

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def connect(self, place):
        if self.family == hosts.socket.AF_INET:
            raise OSError("no network")
        self.far = place

    def getsockname(self):
        return ("2001:db8::9", 1)


def test_addresses_of_names_that_are_found_and_of_ways_that_exist(monkeypatch):
    def found(name, port):
        if name == "a-lost-name":
            raise OSError("unknown")
        return [(2, 1, 6, "", ("192.0.2.9", 0)), (10, 1, 6, "", ("fe80::1%eth0", 0))]

    monkeypatch.setattr(hosts.socket, "getaddrinfo", found)
    monkeypatch.setattr(hosts.socket, "socket", Probe)
    monkeypatch.setattr(hosts, "_interface_addresses", lambda: {"198.51.100.7"})
    expected = {"192.0.2.9", "fe80::1", "2001:db8::9", "198.51.100.7"}
    for names in (["a-lost-name", "lab-3"], ["lab-3", "a-lost-name"]):
        assert hosts._addresses(names) == expected
    assert hosts._addresses([]) == expected - {"192.0.2.9", "fe80::1"}


def test_addresses_of_network_interfaces(monkeypatch):
    listed = {
        "eth0": [(2, "192.0.2.9"), (10, "FE80::1%eth0"), (17, "00:11:22:33:44:55")],
        "lo": [(2, "127.0.0.1")],
    }
    rows = {name: [SimpleNamespace(family=kind, address=item) for kind, item in many] for name, many in listed.items()}
    monkeypatch.setitem(sys.modules, "psutil", SimpleNamespace(net_if_addrs=lambda: rows))
    assert hosts._interface_addresses() == {"192.0.2.9", "fe80::1", "127.0.0.1"}
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert hosts._interface_addresses() == set()


@pytest.mark.parametrize(("option", "address"), [("Lab-3", "lab-3"), (None, ""), ("", "")])
def test_what_the_app_is_bound_to(monkeypatch, option, address):
    monkeypatch.setattr("streamlit.get_option", lambda name: option if name == "server.address" else "else")
    assert access._bound_to() == address
