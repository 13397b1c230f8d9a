"""Several commands that meet the same empty installation at once all find it made."""

import multiprocessing

import pytest

from fercore.settings import Settings
from fercore.store import open_store
from fercore.store.datasets import summaries


def begin(barrier, message, folder, url):
    try:
        settings = Settings(data_dir=folder / "data", models_dir=folder / "models", database_url=url)
        barrier.wait(60)
        store = open_store(settings)
        with store.database.writing() as session:
            summaries.summaries(session)
        store.database.close()
        message.put("opened")
    except BaseException as error:
        message.put(repr(error))


@pytest.mark.thorough
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_first_start_race_is_no_fault(request, tmp_path, database):
    url = "" if database == "sqlite" else request.getfixturevalue("postgres")(empty=True)
    context, count = multiprocessing.get_context("spawn"), 4
    barrier, message = context.Barrier(count), context.Queue()
    each = [context.Process(target=begin, args=(barrier, message, tmp_path, url)) for _ in range(count)]
    for process in each:
        process.start()
    result = [message.get(timeout=120) for _ in each]
    for process in each:
        process.join()
    assert result == ["opened"] * count
