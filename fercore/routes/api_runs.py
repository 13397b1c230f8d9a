"""Finished runs and their model cards."""

from typing import TYPE_CHECKING, Any

from fercore.routes.api_predict import run_number

if TYPE_CHECKING:
    from fercore.services.system.installation import Store


def listed(store: "Store", _: str) -> list[dict[str, Any]]:
    """The runs that visitors are shown, the one that predicts by default first."""
    from fercore.services.prediction import finished_runs

    return finished_runs.listed(store)


def card(store: "Store", number: str) -> dict[str, Any]:
    """A run's model card."""
    from fercore.services.prediction import demo_model, model_card

    run = run_number(number)
    demo_model.check_shown(store, run)
    return model_card.as_json(store, run)
