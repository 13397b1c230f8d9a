"""The kinds of jobs and what does them."""

from typing import Final

from fercore.jobs.worker import Work
from fercore.services.comparison import evaluation
from fercore.services.datasets import exports, extraction, imports
from fercore.services.review import model_predictions, sort_order_preparation
from fercore.services.system import demo
from fercore.services.training import step_measurement, worker

WORKS: Final[dict[str, Work]] = {
    "import": imports.work,
    "extract": extraction.work,
    "export": exports.work,
    "train": worker.work,
    "evaluate": evaluation.work,
    "demo": demo.work,
    "probe": step_measurement.work,
    "opinion": model_predictions.work,
    "orders": sort_order_preparation.work,
}
