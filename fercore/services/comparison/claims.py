"""Claims that a comparison allows, in one sentence each, and figures as they are read."""

from typing import Any

from fercore.evaluation.bootstrap import LEAST_SEEDS
from fercore.evaluation.gap import Gap
from fercore.evaluation.significance import ALPHA, FromAccuracies
from fercore.language import tr, trn
from fercore.services.comparison import stored_evaluations
from fercore.services.comparison.pair import PairComparison, SeedComparison, Verdict
from fercore.services.comparison.stored_evaluations import EvaluationView


def points(share: float) -> str:
    """A difference of shares in points, with a true minus sign."""
    return f"{abs(share) * 100:.1f}" if round(share, 3) >= 0 else f"−{abs(share) * 100:.1f}"


def p_words(p_value: float) -> str:
    """A p-value as it is read: no more digits than count."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def _p(p_value: float, adjusted: float | None) -> str:
    return p_words(p_value) if adjusted is None else tr("{p} after Holm", p=p_words(adjusted))


def of_pair(pair: PairComparison, adjusted: float | None = None) -> str:
    """The sentence on two runs; `adjusted` is their p where other pairs were looked at as well."""
    change = pair.difference
    p_value = pair.p_value if adjusted is None else adjusted
    if p_value < ALPHA:
        sign = 1 if change.value > 0 else -1
        better, worse = (pair.a.run, pair.b.run)[::sign]
        low, high = sorted((sign * change.low, sign * change.high))
        return tr(
            "Run {better} reads these faces better than run {worse}: {points} points, interval {low} to {high}, {p}.",
            better=better,
            worse=worse,
            points=points(sign * change.value),
            low=points(low),
            high=points(high),
            p=_p(pair.p_value, adjusted),
        )
    figures = {"points": points(change.value), "low": points(change.low), "high": points(change.high)}
    if pair.detectable is None:
        return tr("No evidence of a difference: {points} points, interval {low} to {high}.", **figures)
    return tr(
        "No evidence of a difference: {points} points, interval {low} to {high}; this set would have shown {shown}.",
        **figures,
        shown=points(pair.detectable),
    )


def over_seeds(seeds: SeedComparison, adjusted: float | None = None) -> str:
    """The sentence on two trainings, whatever their seeds; `adjusted` is their p where others were looked at, too."""
    change = seeds.difference
    if seeds.verdict == Verdict.FEW_SEEDS or change is None:
        return trn(
            "With {count} seed of each, nothing can be claimed of the trainings themselves: train {least} or more.",
            "With {count} seeds of each, nothing can be claimed of the trainings themselves: train {least} or more.",
            min(seeds.seeds),
            least=LEAST_SEEDS,
        )
    figures = {"points": points(change.value), "low": points(change.low), "high": points(change.high)}
    p_value = change.p_value if adjusted is None else adjusted
    figures["p"] = _p(change.p_value, adjusted)
    if p_value < ALPHA:
        return tr(
            "Over seeds and faces, the trainings differ by {points} points, interval {low} to {high}, {p}.", **figures
        )
    return tr(
        "Over seeds and faces, there is no evidence of a difference: {points} points, interval {low} to {high}, {p}.",
        **figures,
    )


def of_accuracies(alone: FromAccuracies) -> str:
    """The sentence on two accuracies of which nothing else is known."""
    figures = {"points": points(alone.difference), "low": points(alone.low), "high": points(alone.high)}
    head = tr("{points} points, interval {low} to {high} as if of different faces.", **figures)
    span = {"least": p_words(alone.p_least), "most": p_words(alone.p_most)}
    if alone.p_most < ALPHA:
        rest = tr("However often the runs disagree, a paired test shows a difference: {most} at most.", **span)
    elif alone.p_least >= ALPHA:
        rest = tr("However often the runs disagree, no paired test shows a difference: {least} at least.", **span)
    else:
        rest = tr(
            "Nothing can be concluded: a paired test needs both runs' predictions. "
            "Depending on how often they disagree, it would give between {least} and {most}.",
            **span,
        )
    return f"{head} {rest}"


def left_out(view: EvaluationView, most: int) -> str:
    """The sentence on a run that is left out where others have many more faces."""
    return tr(
        "Run {run} is left out: it was evaluated on {n} of {most} faces only. Choose two runs to compare it.",
        run=view.run,
        n=f"{view.n:,}",
        most=f"{most:,}",
    )


def of_gaps(a: int, b: int, change: Gap, adjusted: float | None = None) -> str:
    """The sentence on the gaps of two runs; `change` is A's less B's, `adjusted` its p where others were looked at."""
    figures = {"points": points(change.value), "low": points(change.low), "high": points(change.high)}
    if (change.p_value if adjusted is None else adjusted) >= ALPHA:
        return tr("No evidence that the gaps differ: {points} points, interval {low} to {high}.", **figures)
    sign = 1 if change.value < 0 else -1
    smaller, larger = (a, b)[::sign]
    low, high = sorted((abs(change.low), abs(change.high)))
    return tr(
        "The gap of run {smaller} is smaller than that of run {larger}: by {points} points, interval {low} to {high}.",
        smaller=smaller,
        larger=larger,
        points=points(abs(change.value)),
        low=points(low),
        high=points(high),
    )


def as_json(pair: PairComparison) -> dict[str, Any]:
    """A comparison as the command line prints it; `b` counts faces that only A reads rightly, `c` only B."""
    return {
        "a": pair.a.run,
        "b": pair.b.run,
        "dataset": pair.faces.dataset,
        "split": pair.faces.split,
        "n": pair.faces.n,
        "accuracy": list(pair.accuracy),
        "difference": {
            "value": pair.difference.value,
            "interval": [pair.difference.low, pair.difference.high],
            "p": pair.difference.p_value,
        },
        "mcnemar": {
            "b": pair.test.only_first,
            "c": pair.test.only_second,
            "p_exact": pair.test.p_exact,
            "p_mid": pair.test.p_mid,
            "cohen_g": pair.test.cohen_g,
        },
        "clusters": pair.clusters,
        "p": pair.p_value,
        "verdict": pair.verdict,
        "detectable": pair.detectable,
        "needed_n": pair.needed_n,
        "labels_of_now": pair.faces.labels_of_now,
        "left_out": list(pair.faces.left_out),
        "selected_by": [list(view.selected_by) for view in (pair.a, pair.b)],
        "mark": [stored_evaluations.selection_mark(view.selected_by) for view in (pair.a, pair.b)],
        "claim": of_pair(pair),
    }
