"""The card of a model beside its predictions, and the notice that a machine reads the faces."""

from typing import Final

import streamlit as st

from fercore.evaluation.significance import ALPHA
from fercore.language import counts, tr
from fercore.services.comparison import stored_evaluations
from fercore.services.comparison.claims import points
from fercore.services.prediction import run_card
from fercore.services.prediction.run_card import PlaceAccuracy, PopulationGap, RunCard
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal

HASH_LETTERS: Final = 12


def notice() -> None:
    """The notice before anything is read, as Korea's AI Basic Act (article 31) and the EU's AI Act (article 50) ask."""
    st.info(
        tr(
            "**An artificial intelligence reads the faces here**, not a person. It reads expressions, not feelings, "
            "is wrong at times, and is not for decisions about people. The European Union forbids reading emotions at "
            "work and in education."
        ),
        icon=":material/smart_toy:",
    )


def card(run: int) -> None:
    """One line on a run, and all of its card on demand."""
    evaluated = tuple(view.id for view in stored_evaluations.listed(store(), run))
    shown = _card(store().settings.database, run, evaluated)
    st.caption(literal(summary(shown)))
    with st.popover(tr("About this model"), icon=":material/id_card:"):
        st.markdown("\n".join(f"- {literal(line)}" for line in lines(shown)))


@st.cache_resource(show_spinner=False, max_entries=50)
def _card(_database: str, run: int, _evaluated: tuple[int, ...]) -> RunCard:
    """Worked out anew once the run was evaluated again."""
    return run_card.of_run(store(), run)


def summary(shown: RunCard) -> str:
    """The run in a line: what it learned, and its first figure."""
    names = {"run": shown.run, "backbone": shown.backbone, "datasets": _learned(shown)}
    learned = tr("Run {run}: {backbone}, trained on {datasets}.", **names)
    if not shown.tested_on:
        return f"{learned} {tr('It was tested on no faces that it did not learn.')}"
    first = next((each for each in shown.tested_on if not each.chosen_on), shown.tested_on[0])
    parts = [learned, _tested(first) + "."]
    if shown.gap:
        parts.append(_gap(shown.gap))
    return " ".join(parts)


def lines(shown: RunCard) -> list[str]:
    """The whole card, a statement in each line."""
    digest = shown.snapshot_hash[:HASH_LETTERS]
    rows = [
        tr(
            "Trained on {datasets}: {faces} in snapshot {snapshot}, hash {digest}.",
            datasets=_learned(shown),
            faces=counts.faces(shown.faces),
            snapshot=shown.snapshot,
            digest=digest,
        ),
        tr(
            "{backbone}, recipe {recipe}, seed {seed}, epoch {epoch}.",
            backbone=shown.backbone,
            recipe=shown.recipe,
            seed=shown.seed,
            epoch=shown.epoch,
        ),
    ]
    rows += [_tested(each) + "." for each in shown.tested_on] or [
        tr("It was tested on no faces that it did not learn.")
    ]
    rows.append(_gap(shown.gap) if shown.gap else tr("Its gap between Western and East Asian faces was not measured."))
    rows.append(tr("It reads expressions, not feelings, and is not for decisions about people."))
    return rows


def _untested() -> str:
    return tr("It was tested on no faces that it did not learn.")


def _learned(shown: RunCard) -> str:
    return " + ".join(shown.trained_on)


def _tested(each: PlaceAccuracy) -> str:
    figures = {
        "dataset": each.dataset,
        "split": tr(each.split),
        "accuracy": f"{each.accuracy:.1%}",
        "low": f"{each.low:.1%}",
        "high": f"{each.high:.1%}",
        "faces": counts.faces(each.faces),
    }
    if each.chosen_on:
        return tr(
            "Accuracy on {dataset} {split}: {accuracy} ({low} to {high}, {faces}); its epoch was chosen on these faces",
            **figures,
        )
    return tr("Accuracy on {dataset} {split}: {accuracy} ({low} to {high}, {faces})", **figures)


def _gap(measured: PopulationGap) -> str:
    change = measured.gap
    names = {"western": ", ".join(measured.western), "east": ", ".join(measured.east_asian)}
    sign = -1 if change.value < 0 else 1
    low, high = sorted((sign * change.low, sign * change.high))
    figures = {"points": points(abs(change.value)), "low": points(low), "high": points(high), **names}
    if change.p_value >= ALPHA:
        return tr(
            "No gap between Western ({western}) and East Asian faces ({east}) is shown: {points} points, interval "
            "{low} to {high}.",
            **figures,
        )
    if sign > 0:
        return tr(
            "East Asian faces ({east}) are read {points} points worse than Western ones ({western}), interval {low} to "
            "{high}.",
            **figures,
        )
    return tr(
        "East Asian faces ({east}) are read {points} points better than Western ones ({western}), interval {low} to "
        "{high}.",
        **figures,
    )
