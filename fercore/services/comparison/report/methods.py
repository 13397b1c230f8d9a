"""The methods behind the figures of a report, with their sources."""

from fercore.evaluation import bootstrap
from fercore.evaluation import ranking as rank_stability
from fercore.exports.documents.document import Listing, Section
from fercore.language import tr


def section() -> Section:
    """Formulas, tests and numbers of draws."""
    return Section(
        tr("Methods"),
        (
            Listing(
                (
                    tr(
                        "Intervals of single faces: Wilson 1927. Where faces are alike (one person, copies), and for "
                        "macro-F1 and balanced accuracy: by the influence of each face, summed over groups of faces."
                    ),
                    tr(
                        "Two runs on the same faces: McNemar's test, mid-p (Fagerland et al. 2013), and exact; where "
                        "faces are alike, a bootstrap over groups of faces with {draws} draws decides.",
                        draws=f"{bootstrap.DRAWS:,}",
                    ),
                    tr(
                        "Several tests: Holm 1979, over all pairs of runs on all test sets of this report; over all "
                        "its trainings, gaps and differences of gaps likewise."
                    ),
                    tr(
                        "Trainings over seeds: faces and seeds are drawn apart (crossed bootstrap, Owen 2007); nothing "
                        "is claimed below {least} seeds.",
                        least=bootstrap.LEAST_SEEDS,
                    ),
                    tr(
                        "Ranks: from {draws} draws of the faces; a span holds 95 % of them.",
                        draws=f"{rank_stability.DRAWS:,}",
                    ),
                    tr("What a set would have shown: with 80 % power at 5 % (Connor 1987)."),
                    tr("Draws begin with fixed seeds: the same data make the same report."),
                )
            ),
        ),
    )
