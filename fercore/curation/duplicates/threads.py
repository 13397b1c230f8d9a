"""Work of NumPy and OpenCV on two cores: both let other threads run meanwhile."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

_WORKERS: Final = 2

Part = TypeVar("Part")
Result = TypeVar("Result")


def ordered(work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result]:
    """The results in the order of the parts; work that was not begun is dropped when the reader stops."""
    pool = ThreadPoolExecutor(_WORKERS)
    try:
        yield from pool.map(work, parts)
    finally:
        pool.shutdown(cancel_futures=True)
