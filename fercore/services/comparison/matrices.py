"""Confusion matrices as they are drawn: one run's figures, and two runs' differences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fercore.charts.matrix_svg import matrix_svg
from fercore.emotions import EMOTIONS
from fercore.evaluation.confusion import Counts
from fercore.evaluation.confusion_shares import Shares, confusions, shares
from fercore.evaluation.significance import ALPHA
from fercore.language import tr, trn
from fercore.services.comparison.claims import p_words
from fercore.services.comparison.confusion import ConfusionPair

TOLD = 3  # confusions that a picture is put in words by
LEAST_SCALE = 0.02  # differences of less than two points are pale, even where there are no larger ones


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell as it is drawn: its figure, a smaller one below it, and its tone from -1 to 1 (0: no colour).

    `spoken` is the whole of it for screen readers. A `marked` one is framed; without `faces` it cannot be chosen.
    """

    figure: str
    small: str
    tone: float
    spoken: str
    faces: int
    marked: bool = False


@dataclass(frozen=True)
class Matrix:
    """A matrix: its caption, (7, 7) cells in the emotions' own order, rows true, and the order to draw these in.

    `totals` stand beside the names of the rows.
    """

    caption: str
    cells: Sequence[Sequence[MatrixCell]]
    order: Sequence[int]
    totals: Sequence[int]


def of_run(counts: Counts, base: Shares, order: Sequence[int], caption: str) -> Matrix:
    """One run's matrix: counts with the share of the row below, or shares with the count below."""
    rows = shares(counts, Shares.ROWS)
    parts = shares(counts, Shares.COLUMNS) if base == Shares.COLUMNS else rows

    def cell(i: int, j: int) -> MatrixCell:
        count, share = int(counts[i, j]), f"{parts[i, j]:.1%}"
        figure, small = (f"{count:,}", share) if base == Shares.COUNTS else (share, f"{count:,}")
        faces = trn("{count} face", "{count} faces", count)
        whole = _of_whole(base, i, j, share)
        return MatrixCell(figure, small, float(parts[i, j]), f"{_where(i, j)}: {faces}, {whole}", count)

    return _matrix(cell, order, caption, counts)


def of_pair(compared: ConfusionPair, base: Shares, order: Sequence[int], caption: str) -> Matrix:
    """Two runs' differences, A less B, with the p-value below, and a frame around those that are shown."""
    gaps = compared.difference(base)
    tones = compared.difference(Shares.COLUMNS if base == Shares.COLUMNS else Shares.ROWS)
    scale = max(float(np.abs(tones).max()), LEAST_SCALE)
    tests = compared.tests

    def cell(i: int, j: int) -> MatrixCell:
        first, second = (int(counts[i, j]) for counts in compared.counts)
        p_value = float(tests.p_holm[i, j])
        figure = signed(gaps[i, j], base)
        p = "" if np.isnan(p_value) else p_words(p_value)
        numbers = tr(
            "run {a}: {first}, run {b}: {second}", a=compared.a.run, first=first, b=compared.b.run, second=second
        )
        spoken = f"{_where(i, j)}: {numbers}, {figure}, {tr('{p} after Holm', p=p) if p else tr('not tested')}"
        small = "" if p_value == 1 else p.replace(" ", "")
        return MatrixCell(figure, small or "·", float(tones[i, j]) / scale, spoken, first + second, p_value < ALPHA)

    return _matrix(cell, order, caption, compared.counts[0])


def signed(value: float, base: Shares) -> str:
    """A difference of counts, or of shares in points, with its sign."""
    size = f"{abs(round(value)):,}" if base == Shares.COUNTS else f"{abs(value) * 100:.1f}"
    if not float(size.replace(",", "")):
        return "0"
    return f"+{size}" if value > 0 else f"−{size}"


def in_words(counts: Counts) -> str:
    """The most frequent confusions in words: the text that stands for the picture."""
    rows = shares(counts, Shares.ROWS)
    parts = [
        tr(
            "{label} → {predicted}: {count} ({share})",
            label=tr(EMOTIONS[i]),
            predicted=tr(EMOTIONS[j]),
            count=f"{int(counts[i, j]):,}",
            share=f"{rows[i, j]:.1%}",
        )
        for i, j in confusions(counts)[:TOLD]
    ]
    return tr("Most frequent confusions: {most}.", most="; ".join(parts)) if parts else tr("No face is confused.")


def svg(matrix: Matrix, title: str, words: str) -> str:
    """A matrix as it is drawn, as SVG with words as its text alternative."""
    order = list(matrix.order)
    figures = [[(matrix.cells[i][j].figure, matrix.cells[i][j].small) for j in order] for i in order]
    tones = np.array([[matrix.cells[i][j].tone for j in order] for i in order])
    return matrix_svg(title, words, [tr(EMOTIONS[index]) for index in order], figures, tones)


def _matrix(cell: Callable[[int, int], MatrixCell], order: Sequence[int], caption: str, counts: Counts) -> Matrix:
    every = range(len(EMOTIONS))
    return Matrix(caption, [[cell(i, j) for j in every] for i in every], order, counts.sum(1).tolist())


def _where(i: int, j: int) -> str:
    return f"{tr('true')} {tr(EMOTIONS[i])}, {tr('predicted')} {tr(EMOTIONS[j])}"


def _of_whole(base: Shares, i: int, j: int, share: str) -> str:
    if base == Shares.COLUMNS:
        return tr("{share} of those predicted {emotion}", share=share, emotion=tr(EMOTIONS[j]))
    return tr("{share} of those labelled {emotion}", share=share, emotion=tr(EMOTIONS[i]))
