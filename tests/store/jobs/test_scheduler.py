"""Who gets which GPU: never two jobs on one, nobody waits for ever."""

import multiprocessing
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from fercore.store.database import Database
from fercore.store.jobs import queue, scheduler
from fercore.store.jobs.scheduler import Capacity
from fercore.store.tables import Job

TWO = Capacity(gpus=("0", "1"))
FOUR = Capacity(gpus=("r0", "r1", "r2", "r3"), most=2)  # on two machines


def submit(store, gpus=1, kind="train", lane="device"):
    with store.database.writing() as session:
        job = Job(kind=kind, title="t", lane=lane, arguments={}, submitted_by="tester", gpus=gpus)
        return queue.submit(session, job).id


def placed(store, capacity=TWO):
    """Start what can start; what every running job has, in the order of submission."""
    scheduler.claim_next(store.database, capacity)
    with store.database.reading() as session:
        running = [job for job in queue.active(session) if job.status == "running"]
        return {job.id: job.devices for job in sorted(running, key=lambda job: job.id)}


@pytest.mark.parametrize(
    ("capacity", "wanted", "expected"),
    [
        pytest.param(Capacity(), [1, 1], ["cpu"], id="no GPU: one on the CPU"),
        pytest.param(Capacity(), [-1, 0], ["cpu"], id="no GPU: all of none is the CPU"),
        pytest.param(TWO, [1, 1, 1], ["0", "1"], id="one each"),
        pytest.param(TWO, [1, 0, 0, 1], ["0", "cpu", "1"], id="one may use the CPU beside them"),
        pytest.param(TWO, [-1, 1], ["0,1"], id="all"),
        pytest.param(TWO, [1, -1, 1], ["0"], id="who wants all is not overtaken"),
        pytest.param(TWO, [1, -1, 0], ["0", "cpu"], id="but by who wants none"),
        pytest.param(TWO, [5], ["0,1"], id="more than there are: all"),
        pytest.param(
            Capacity(gpus=("r0", "r1", "r2"), most=2), [-1, 1], ["r0,r1", "r2"], id="as many as a machine has"
        ),
        pytest.param(FOUR, [1, -1, 1], ["r0", "r1,r2", "r3"], id="all of one machine while another is in use"),
        pytest.param(FOUR, [1, 1, 1, -1, 1], ["r0", "r1", "r2"], id="one machine's worth is not free: later ones wait"),
    ],
)
def test_who_gets_what(store, capacity, wanted, expected):
    numbers = [submit(store, gpus) for gpus in wanted]
    result = placed(store, capacity)
    assert list(result.values()) == expected
    assert set(result) <= set(numbers)


def test_who_wants_all_starts_once_all_are_free(store):
    first, second, every, late = submit(store), submit(store), submit(store, -1), submit(store)
    assert placed(store) == {first: "0", second: "1"}
    queue.end(store.database, first, "done")
    assert placed(store) == {second: "1"}
    queue.end(store.database, second, "done")
    assert placed(store) == {every: "0,1"}
    queue.end(store.database, every, "done")
    assert placed(store) == {late: "0"}


def test_readers_still_follow_each_other(store):
    first, _ = submit(store, 0, "import", "disk"), submit(store, 0, "import", "disk")
    assert placed(store) == {first: None}


def test_two_demos_never_run_beside_each_other(store):
    first, _, other = submit(store, kind="demo"), submit(store, kind="demo"), submit(store)
    assert placed(store) == {first: "0", other: "1"}


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"host": "another"}, id="it runs on another machine, whose GPUs are not known here"),
        pytest.param({"devices": None}, id="it was started before devices were written down"),
    ],
)
def test_a_job_on_unknown_devices_has_them_all(store, values):
    running = submit(store)
    placed(store)
    with store.database.writing() as session:
        for name, value in values.items():
            setattr(queue.get(session, running), name, value)
    submit(store)
    assert set(placed(store)) == {running}


def test_many_at_once_share_no_gpu(store):
    """Threads claim and end jobs until none is left; at no moment do two have one GPU."""
    numbers = {submit(store) for _ in range(24)}

    def claim(_):
        return scheduler.claim_next(store.database, TWO)

    done = set()
    with ThreadPoolExecutor(8) as pool:
        while len(done) < len(numbers):
            claimed = [number for part in pool.map(claim, range(8)) for number in part]
            with store.database.reading() as session:
                running = [job for job in queue.active(session) if job.status == "running"]
            taken = [job.devices for job in running]
            assert len(taken) == len(set(taken)) <= 2
            assert len(claimed) == len(set(claimed))
            done |= set(claimed)
            for job in running:
                queue.end(store.database, job.id, "done")
    assert done == numbers


def _claim(url, barrier, answers):
    database = Database(url)
    barrier.wait()
    answers.put(scheduler.claim_next(database, TWO))
    database.close()


@pytest.mark.thorough
def test_many_processes_share_no_gpu(store):
    for _ in range(5):
        submit(store)
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(4), context.Queue()
    url = store.settings.database
    processes = [context.Process(target=_claim, args=(url, barrier, answers)) for _ in range(4)]
    for process in processes:
        process.start()
    claimed = [number for _ in processes for number in answers.get(timeout=60)]
    for process in processes:
        process.join()
    assert len(claimed) == len(set(claimed)) == 2
    with store.database.reading() as session:
        running = [job for job in queue.active(session) if job.status == "running"]
    assert {job.devices for job in running} == {"0", "1"}
    assert {job.host for job in running} == {socket.gethostname()}
