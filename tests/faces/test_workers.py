"""Many photos on several processes: the same faces in the same order, whatever happens to a process."""

import io
import os
import signal
from pathlib import Path

import pytest

from fercore.drawing.photos import portrait_photo
from fercore.errors import InputError, UnreadableImageError
from fercore.faces import workers
from fercore.faces.extraction import ALL, extractor
from fercore.faces.workers import ExtractionTask, extracted, extracted_here
from fercore.services.datasets.shard import parse_shard


def tasks(count):
    for number in range(count):
        buffer = io.BytesIO()
        portrait_photo([("east", number % 7)], number, (320, 240)).save(buffer, "JPEG")
        yield ExtractionTask(number, buffer.getvalue() if number % 5 else b"no picture", ALL)


def outline(outcomes):
    return [
        (
            task.key,
            str(result) if isinstance(result, UnreadableImageError) else [face.pixel_hash for face in result.faces],
        )
        for task, result in outcomes
    ]


def test_two_processes_find_what_one_finds_in_order():
    alone = outline(extracted_here(tasks(12), extractor()))
    assert [key for key, _ in alone] == list(range(12))
    assert sum(isinstance(result, str) for _, result in alone) == 3
    assert sum(len(result) for _, result in alone if isinstance(result, list)) >= 5
    assert outline(extracted(tasks(12), "haar", None, 2)) == alone


def test_a_killed_process_costs_nothing():
    alone = outline(extracted_here(tasks(12), extractor()))
    running = extracted(tasks(12), "haar", None, 2)
    first = next(running)
    for process in children():
        os.kill(process, signal.SIGKILL)
    assert outline([first, *running]) == alone


@pytest.mark.thorough
def test_a_picture_that_kills_every_process_is_unreadable(monkeypatch):
    monkeypatch.setattr(workers, "_extract_there", kill_for_the_bad)
    result = dict(
        outline(extracted((ExtractionTask(n, b"bad" if n == 2 else b"good", ALL) for n in range(5)), "haar", None, 2))
    )
    assert "crashed its decoder" in result.pop(2)
    assert set(result) == {0, 1, 3, 4} and all("crashed" not in str(other) for other in result.values())


def kill_for_the_bad(data, wanted):
    if data == b"bad":
        os.kill(os.getpid(), signal.SIGKILL)
    return UnreadableImageError("no picture")


def children():
    result = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    spawned = [int(pid) for pid in result if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert spawned
    return spawned


def test_leaving_early_leaves_no_process_behind():
    running = extracted(tasks(12), "haar", None, 2)
    next(running)
    processes = children()
    running.close()
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "3", "a/b", "-1/2", "1/0"])
def test_a_bad_shard_says_how_it_is_written(text):
    with pytest.raises(InputError, match="3/16"):
        parse_shard(text)


def test_every_name_is_in_exactly_one_shard():
    shards = [parse_shard(f"{number}/7") for number in range(1, 8)]
    for name in ("a.jpg", "여_20.jpg", "b/c.png"):
        assert sum(shard.has(name) for shard in shards) == 1
