"""Limits of the API: sizes, requests of a client in time, memory for all uploads, and turns at work."""

import asyncio
import ipaddress
import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, Final, TypeVar

from fercore.language import tr
from fercore.routes.api_errors import ApiError

LARGEST_REQUEST: Final = 64 * 2**20
LARGEST_PHOTO: Final = 32 * 2**20
MOST_PHOTOS: Final = 32
UPLOADS_MEMORY: Final = 192 * 2**20  # of all requests that are read, wait or are at work
READ_SECONDS: Final = 60
MOST_WAITING: Final = 64
MOST_WAITING_OF_ONE: Final = 32
_BUSY_SECONDS: Final = 2
_MOST_CLIENTS: Final = 10_000
_MINUTE: Final = 60
_NETWORK_BITS: Final = 64  # of an IPv6 address, of which one machine has as many as it likes

T = TypeVar("T")


class Rate:
    """Requests of each client: so many a minute, and no more than a minute's at once; 0 is without a limit."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, address: str, now: float) -> None:
        """Count a request at a time in seconds; raises ApiError, with the seconds to wait, where it is too many."""
        if not self._per_minute:
            return
        client = _network(address)
        left, since = self._left.pop(client, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - since) * self._per_minute / _MINUTE)
        self._left[client] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)
        if left < 1:
            seconds = math.ceil((1 - left) * _MINUTE / self._per_minute)
            message = tr("Too many requests: {most} per minute are the most. Try again later.", most=self._per_minute)
            raise ApiError(429, "too_many_requests", message, Retry_After=str(seconds))


def _network(address: str) -> str:
    """The address by which a client is counted."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((int(parsed), _NETWORK_BITS), strict=False))


def busy() -> ApiError:
    """The refusal while others have all places or all memory."""
    message = tr("The server is busy with other requests. Try again later.")
    return ApiError(503, "busy", message, Retry_After=str(_BUSY_SECONDS))


class UploadsMemory:
    """Bytes of uploads that are in memory, of all requests together."""

    def __init__(self, most: int = UPLOADS_MEMORY) -> None:
        self._most, self._held = most, 0

    @contextmanager
    def room(self) -> Iterator[Callable[[int], None]]:
        """A function that takes more bytes, or raises ApiError; all are given back at the end."""
        taken = 0

        def take(count: int) -> None:
            nonlocal taken
            if self._held + count > self._most:
                raise busy()
            self._held += count
            taken += count

        try:
            yield take
        finally:
            self._held -= taken


class Turns:
    """Some threads that work; further requests wait in turn, a bounded number of them."""

    def __init__(self, workers: int, begin: Callable[[], None]) -> None:
        """`begin` is called once in each thread."""
        self._workers = ThreadPoolExecutor(workers, "fercore-api", begin)
        self._waiting: Counter[str] = Counter()

    async def take(self, address: str, work: Callable[[], T], gone: asyncio.Future[Any]) -> T | None:
        """The result of work in a thread, or None if the client is `gone` before; raises ApiError at once where too
        many wait."""
        client = _network(address)
        if self._waiting.total() >= MOST_WAITING or self._waiting[client] >= MOST_WAITING_OF_ONE:
            raise busy()
        self._waiting[client] += 1
        try:
            future = self._workers.submit(copy_context().run, work)
            turn = asyncio.wrap_future(future)
            either: set[asyncio.Future[Any]] = {turn, gone}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not turn.done():
                if future.cancel():
                    return None
                await asyncio.wait({turn})  # which ends soon: work looks whether the client is there
            return turn.result()
        finally:
            self._waiting -= Counter({client: 1})
