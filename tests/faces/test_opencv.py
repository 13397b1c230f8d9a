"""OpenCV's module while it is imported by another thread."""

import sys
import threading
from types import SimpleNamespace

from fercore.faces import opencv as room
from fercore.services.datasets import detectors


def test_a_module_that_is_still_being_imported_is_waited_for(monkeypatch):
    bare, whole = SimpleNamespace(setNumThreads=lambda count: None), SimpleNamespace(data="cascades")
    monkeypatch.setitem(sys.modules, "cv2", bare)
    swap = threading.Timer(0.1, lambda: sys.modules.__setitem__("cv2", whole))
    swap.start()
    assert room.opencv.__wrapped__() is whole
    swap.join()


def test_a_module_without_cascades_is_not_waited_for_without_end(monkeypatch):
    bare = SimpleNamespace(setNumThreads=lambda count: None)
    monkeypatch.setitem(sys.modules, "cv2", bare)
    monkeypatch.setattr(room, "_PATIENCE", 0.02)
    assert room.opencv.__wrapped__() is bare


def test_all_who_ask_at_once_get_one_detector(lite):
    detectors._made.cache_clear()
    together, given = threading.Barrier(4), []

    def ask():
        together.wait(30)
        given.append(detectors.chosen(lite))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 4 and len(set(map(id, given))) == 1
