"""MLflow as far as a training uses it: what it was told, and a client that stands in for its own."""

from types import SimpleNamespace
from typing import ClassVar


class Client:
    """MLflow's client as far as it is used; keeps the statuses of its one run, and what is logged of it."""

    statuses: ClassVar[list[str]] = []
    logged: ClassVar[list[tuple[object, ...]]] = []
    experiment: ClassVar[object] = None

    def __init__(self, address):
        self.address = address

    def get_experiment_by_name(self, name):
        return self.experiment

    def create_experiment(self, name):
        self.logged.append(("experiment", name))
        return "1"

    def create_run(self, experiment, run_name):
        self.logged.append((experiment, run_name))
        return SimpleNamespace(info=SimpleNamespace(run_id="the one"))

    def log_param(self, run, name, value):
        self.logged.append((run, name, value))

    def log_metric(self, run, name, value, step):
        self.logged.append((run, name, value, step))

    def update_run(self, run, status):
        self.statuses.append(status)

    def set_terminated(self, run, status):
        self.statuses.append(f"ended {status}")


class Variable:
    """One of MLflow's environment variables."""

    def __init__(self, value=None):
        self.value = value

    def is_set(self):
        return self.value is not None

    def set(self, value):
        self.value = value
