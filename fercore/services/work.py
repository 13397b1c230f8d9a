"""The kinds of jobs and what does them."""

from typing import Final

from fercore.jobs.worker import Work
from fercore.services import demo, evaluating, exporting, extracting, fitting, importing, opinions, preparing, probing

WORKS: Final[dict[str, Work]] = {
    "import": importing.work,
    "extract": extracting.work,
    "export": exporting.work,
    "train": fitting.work,
    "evaluate": evaluating.work,
    "demo": demo.work,
    "probe": probing.work,
    "opinion": opinions.work,
    "orders": preparing.work,
}
