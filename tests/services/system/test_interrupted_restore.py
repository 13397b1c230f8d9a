"""A restore whose process is killed leaves an installation that is exactly old or exactly new, at every step."""

import os
import signal
import sqlite3
import subprocess
import sys
import warnings
from contextlib import suppress

import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InUseError
from fercore.services.system import backup as backup_service
from fercore.services.system import doctor, restore
from fercore.services.training.devices import BackendReport
from fercore.settings import Settings
from fercore.store import open_store
from fercore.store.system import file_swap
from fercore.store.system.file_swap import Swap
from fercore.store.system.swap_journal import Journal
from fercore.store.tables import Restore
from fercore.training.hardware.devices import BackendDevices
from tests.services.system.conftest import files_of
from tests.services.system.test_backup import everything

STEPS = ("_move", "_clear", "_is_committed")  # and each time the journal is saved or removed


def killed(work, at):
    """Do it in a process of its own that is killed at a step; returns whether it came so far."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of the test runner do not matter to the child
        child = os.fork()
    if child == 0:
        with suppress(BaseException):
            _count_down(at)
            work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _count_down(at):
    passed = [0]

    def step():
        if passed[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)
        passed[0] += 1

    def watched(function):
        return lambda *given: (step(), function(*given))[1]

    def watched_after(function):
        return lambda *given: (function(*given), step())[0]

    for name in STEPS:
        setattr(file_swap, name, watched(getattr(file_swap, name)))
    for name in ("save", "remove"):
        setattr(Journal, name, watched(getattr(Journal, name)))
    Swap.take_over = watched_after(Swap.take_over)


def restore_again(settings, file):
    store = open_store(settings)
    restore.restore(store, file, replace=True)


def state(store):
    return everything(store), files_of(store)


def hidden(store):
    roots = (store.settings.data_dir, store.settings.models_dir)
    return [path for root in roots for path in root.rglob(".restore*")]


def test_a_restore_that_is_killed_at_any_step_is_old_or_new(here, backup, tmp_path):
    backup_service.backup(here, tmp_path / "old.zip")
    old = state(here)
    restore.restore(here, backup, replace=True)
    new = state(here)
    assert old[0] != new[0] and set(old[1]) != set(new[1])
    restore.restore(here, tmp_path / "old.zip", replace=True)
    assert state(here) == old
    outcomes, at = [], 0
    while killed(lambda: restore_again(here.settings, backup), at):
        opened = open_store(here.settings)
        outcomes.append("old" if state(opened) == old else "new" if state(opened) == new else "neither")
        assert hidden(opened) == [] and opened.database is not None
        with opened.database.reading() as session:
            assert session.query(Restore).all() == []
        if outcomes[-1] == "new":
            assert opened.recovered.endswith("as in the backup.") or opened.recovered == ""
            restore.restore(opened, tmp_path / "old.zip", replace=True)
        else:
            assert opened.recovered.endswith("as it was before it.") or opened.recovered == ""
        opened.database.close()
        at += 1
    assert state(here) == new, "nothing kills the last one"
    assert at > 12 and set(outcomes) == {"old", "new"}
    assert outcomes == sorted(outcomes, key=["old", "new"].index), "once the rows are there it is new"


@pytest.mark.parametrize("rows", ["old", pytest.param("new", marks=pytest.mark.thorough)])
def test_a_recovery_that_is_killed_at_any_step_goes_on(here, backup, rows, tmp_path):
    backup_service.backup(here, tmp_path / "old.zip")
    old = state(here)
    expected = old
    if rows == "new":
        restore.restore(here, backup, replace=True)
        expected = state(here)
        restore.restore(here, tmp_path / "old.zip", replace=True)
    first = _step_before_commit() + (1 if rows == "new" else 0)
    at = 0
    while True:
        assert killed(lambda: restore_again(here.settings, backup), first)
        if not killed(lambda: open_store(here.settings), at):
            break
        opened = open_store(here.settings)
        assert state(opened) == expected and hidden(opened) == []
        if rows == "new":
            restore.restore(opened, tmp_path / "old.zip", replace=True)
        opened.database.close()
        at += 1
    assert at > 5


def _step_before_commit():
    """The last step at which no row is committed: all moves are done."""
    moved = 3 + 2  # entries of the old installation, and of the backup
    return 2 + moved  # the journal is saved twice before


def test_a_restore_that_runs_is_left_alone(there, tmp_path):
    with Journal(there.settings.data_dir / file_swap.JOURNAL, patience=0) as journal:
        journal.save({"phase": "moving", "token": "t", "places": []})
        code = "import sys; from fercore.store import open_store; from fercore.settings import read_settings\n"
        code += "print(repr(open_store(read_settings()).recovered))"
        environment = {**os.environ, **there.settings.environment()}
        answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert answer.stdout == "''\n", answer.stderr
        with pytest.raises(InUseError, match="Another restore"):
            Journal(there.settings.data_dir / file_swap.JOURNAL, patience=0)
        assert journal.read()["phase"] == "moving"


def test_the_next_command_and_doctor_tell_of_it(there, monkeypatch):
    def interrupted():
        with Journal(there.settings.data_dir / file_swap.JOURNAL, patience=0) as journal:
            journal.save({"phase": "moving", "token": "t", "places": []})

    for name, value in there.settings.environment().items():
        monkeypatch.setenv(name, value)
    interrupted()
    answer = CliRunner().invoke(cli, ["datasets", "--json"])
    assert "warning: A restore was interrupted. Everything is as it was before it." in answer.stderr
    assert CliRunner().invoke(cli, ["datasets"]).stderr == ""
    interrupted()
    monkeypatch.setattr(doctor.devices, "ask", lambda settings: BackendReport(BackendDevices("tensorflow", ())))
    problems = doctor.examine(there.settings)["problems"]
    assert any("A restore was interrupted" in problem for problem in problems)
    left = there.settings.models_dir / ".restore-abc"
    left.mkdir()
    problems = doctor.examine(there.settings)["problems"]
    assert [str(left) in problem for problem in problems if "restore" in problem] == [True]


def test_an_empty_journal_is_no_restore(there):
    file = there.settings.data_dir / file_swap.JOURNAL
    sqlite3.connect(file).close()
    file.touch()
    opened = open_store(Settings(**there.settings.model_dump()))
    assert opened.recovered == "" and not file.exists()
    opened.database.close()
