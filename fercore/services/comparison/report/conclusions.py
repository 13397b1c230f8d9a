"""The conclusions that the material of a report allows, and those that it does not, in sentences."""

from collections import Counter

from fercore.emotions import EMOTIONS
from fercore.evaluation.bootstrap import LEAST_SEEDS
from fercore.evaluation.measures import LEAST_FACES
from fercore.evaluation.significance import ALPHA
from fercore.exports.documents.document import Listing, Section
from fercore.language import tr, trn
from fercore.services.comparison import claims, stored_evaluations
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.report.differences import PlaceTests
from fercore.services.comparison.report.gaps import MeasuredGaps
from fercore.services.comparison.report.material import Material, Place

NAMED = 10  # runs, after which only their number is said


def sections(material: Material, tests: tuple[PlaceTests, ...], gaps: MeasuredGaps | None) -> tuple[Section, Section]:
    """The conclusions that are allowed, and those that are not."""
    may, may_not = list[str](), list[str]()
    for each in tests:
        shown, not_shown = _on_place(each)
        may += shown
        may_not += not_shown
    if gaps is not None:
        shown, not_shown = _of_gaps(gaps)
        may += shown
        may_not += not_shown
    may_not += _limits(material, tests)
    nothing = tr("Nothing: no difference between these runs was tested and shown.")
    return (
        Section(tr("What may be concluded"), (Listing(tuple(may) or (nothing,)),)),
        Section(tr("What may not be concluded"), (Listing(tuple(may_not)),)),
    )


def _on_place(each: PlaceTests) -> tuple[list[str], list[str]]:
    """Sentences on one place: with two runs their claim, with more what is shown after Holm over all pairs."""
    where = each.place.words
    most = max(run.view.n for run in each.ranking.runs)
    may, may_not = list[str](), [f"{where}: {claims.left_out(view, most)}" for view in each.ranking.left_out]
    if len(each.ranking.runs) == 2:
        compared, p_value = each.pairs[0]
        side = may if p_value < ALPHA else may_not
        side.append(f"{where}: {claims.of_pair(compared, p_value)}")
    else:
        first = each.ranking.runs[0]
        better = sum(len(run.beaten) for run in each.ranking.runs)
        if better:
            may.append(
                trn(
                    "{place}: of {count} pair of runs, {shown} differ after Holm's adjustment.",
                    "{place}: of {count} pairs of runs, {shown} differ after Holm's adjustment.",
                    each.ranking.pairs,
                    place=where,
                    shown=better,
                )
            )
        if first.beaten:
            may.append(
                tr(
                    "{place}: run {run} reads these faces better than {others}.",
                    place=where,
                    run=first.view.run,
                    others=_runs(first.beaten),
                )
            )
        equal = [run.view.run for run in each.ranking.runs[1:] if run.view.run not in first.beaten]
        if equal:
            may_not.append(
                tr(
                    "{place}: run {run} is the most accurate here, but is not shown to be better than {others}.",
                    place=where,
                    run=first.view.run,
                    others=_runs(equal),
                )
            )
    for two in each.seeds:
        side = may if two.p_holm < ALPHA else may_not
        names = f"{_runs(two.first)} − {_runs(two.second)}"
        side.append(f"{where}: {names}: {claims.over_seeds(two.compared, two.p_holm)}")
    return may, may_not


def _runs(runs: tuple[int, ...] | list[int]) -> str:
    """Runs by their numbers, or only how many."""
    if len(runs) > NAMED:
        return trn("{count} run", "{count} runs", len(runs))
    return trn("run {runs}", "runs {runs}", len(runs), runs=", ".join(map(str, runs)))


def _of_gaps(gaps: MeasuredGaps) -> tuple[list[str], list[str]]:
    may, may_not = list[str](), list[str]()
    for each, p_value in list(zip(gaps.found.runs, gaps.found.p_holm, strict=True))[:NAMED]:
        gap = each.gap
        figures = {"points": points(gap.value), "low": points(gap.low), "high": points(gap.high)}
        figures |= {"run": str(each.run.run), "p": p_words(p_value)}
        if p_value < ALPHA:
            may.append(
                tr(
                    "Run {run}: Western minus East Asian accuracy is {points} points, interval {low} to {high}, {p} "
                    "after Holm.",
                    **figures,
                )
            )
        else:
            may_not.append(
                tr(
                    "Run {run}: no gap is shown: Western minus East Asian accuracy is {points} points, interval {low} "
                    "to {high}, {p} after Holm.",
                    **figures,
                )
            )
    for (a, b, change), p_value in zip(gaps.changes, gaps.p_of_changes, strict=True):
        (may if p_value < ALPHA else may_not).append(claims.of_gaps(a, b, change, p_value))
    may_not.append(
        tr("Whether faces or labels make the gap: the datasets differ in cameras, ages and labelers as well.")
    )
    return may, may_not


def _limits(material: Material, tests: tuple[PlaceTests, ...]) -> list[str]:
    """The limits of this report's figures, from everything that is known of its evaluations."""
    limits = []
    few = [runs for runs in material.trainings.values() if len(runs) < LEAST_SEEDS]
    if few:
        limits.append(
            trn(
                "Anything of {count} training itself, whatever its seed: it has fewer than {least} seeds. The claims "
                "hold for the runs that were trained.",
                "Anything of {count} trainings themselves, whatever their seeds: they have fewer than {least} seeds. "
                "The claims hold for the runs that were trained.",
                len(few),
                least=LEAST_SEEDS,
            )
        )
    limits += [sentence for place in material.places if place.tests_claims for sentence in _no_better(place)]
    limits += [_chosen_on(place) for place in material.places if any(view.chosen_on for view in place.views)]
    if learned := [view for view in material.views if view.is_training_accuracy]:
        limits.append(
            tr("Anything of new faces from {places}: these faces were learned.", places=_places(material, learned))
        )
    leaked = [view for view in material.views if not view.is_training_accuracy and material.figures[view.id].learned]
    if leaked:
        limits.append(
            tr(
                "Figures on {places} at face value: some of these faces stand in the training split, too (see Data).",
                places=_places(material, leaked),
            )
        )
    marks = Counter(stored_evaluations.selection_mark(view.selected_by) for view in material.views)
    limits += [tr("Figures with the mark '{mark}' as unbiased ones.", mark=mark) for mark in marks if mark]
    if any(view.id in material.stale for view in material.views):
        limits.append(tr("Figures counted with labels of before as those of now: recount them."))
    if any(view.is_foreign for view in material.views):
        limits.append(tr("That models from elsewhere have not learned these faces: their training data are unknown."))
    if any(each.ranking.faces.labels_of_now for each in tests):
        limits.append(tr("Tests and results as one count: where labels differ, tests count with the labels of now."))
    limits.append(tr("That an interval covers wrong labels: it covers the choice of faces only."))
    limits.append(tr("That a difference that is not shown is none: a larger set may show it."))
    return limits


def _no_better(place: Place) -> list[str]:
    """Runs that are no better than one answer to all faces, or that give few answers; few faces show neither."""
    found = []
    for view in [view for view in place.views if view.n >= LEAST_FACES][:NAMED]:
        emotion, share = view.baseline
        named = [name for at, name in enumerate(EMOTIONS) if any(row[at] for row in view.confusion)]
        if view.accuracy <= share:
            found.append(
                tr(
                    "That run {run} reads emotions on {place}: always answering {emotion} gives {share}.",
                    run=view.run,
                    place=place.words,
                    emotion=tr(emotion),
                    share=f"{share:.1%}",
                )
            )
        if len(named) < len(EMOTIONS):
            found.append(
                tr(
                    "That run {run} knows every emotion: on {place} it only ever answers {emotions}.",
                    run=view.run,
                    place=place.words,
                    emotions=", ".join(map(tr, named)),
                )
            )
    return found


def _chosen_on(place: Place) -> str:
    runs = [view.run for view in place.views if view.chosen_on]
    return trn(
        "Figures on {place} as a test of {runs}: it chose its epoch there.",
        "Figures on {place} as a test of {runs}: they chose their epoch there.",
        len(runs),
        place=place.words,
        runs=_runs(runs),
    )


def _places(material: Material, views: list[stored_evaluations.EvaluationView]) -> str:
    ids = {view.id for view in views}
    return ", ".join(place.words for place in material.places if ids & {view.id for view in place.views})
