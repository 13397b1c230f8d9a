"""The choice of a model: the best run first, then the others from the newest on."""

from collections.abc import Sequence

from fercore.language import tr
from fercore.services.comparison import best_run
from fercore.services.comparison.best_run import BestRun
from fercore.services.training.run_details import RunView
from fercore.ui.shell.session import store


def names(done: Sequence[RunView]) -> dict[int, str]:
    """Trained runs by number, the best first where one is known, in words that say by which accuracy it is."""
    best = best_run.best(store())
    first = best.evaluation.run if best else None
    ordered = sorted(done, key=lambda view: (view.run.id != first, -view.run.id))
    return {view.run.id: _name(view, best if view.run.id == first else None) for view in ordered}


def short_name(run: int, done: Sequence[RunView]) -> str:
    """A run's number and backbone, where there is little room."""
    backbone = next(view.run.backbone for view in done if view.run.id == run)
    return f"{tr('Run {run}', run=run)} · {backbone}"


def _name(view: RunView, best: BestRun | None) -> str:
    run = view.run
    name = f"{tr('Run {run}', run=run.id)} · {run.backbone} · {' + '.join(view.snapshot.datasets)}"
    if best is None:
        return name
    evaluation_view = best.evaluation
    words = tr(
        "best: {accuracy} on {dataset} validation",
        accuracy=f"{evaluation_view.accuracy:.1%}",
        dataset=evaluation_view.dataset,
    )
    return f"{name} · {words}"
