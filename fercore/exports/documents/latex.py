"""The tables of a document as LaTeX, to be read in by a paper; they need the package booktabs."""

import re
from typing import Final

from fercore.exports.documents.document import Document, Kind, Table, shown

_SIGNS: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "−": "$-$",
    "–": "--",
    "→": r"$\rightarrow$",
    "≤": r"$\leq$",
    "±": r"$\pm$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "…": r"\ldots{}",
}
_LONG: Final = 40  # rows, above which a table may break over pages


def as_latex(document: Document) -> str:
    """All tables, each with its caption and a label of its name; a comment for each section."""
    head = [
        f"% {_line(document.title)}",
        f"% {_line(document.made)}",
        r"% In the preamble: \usepackage{booktabs,longtable,graphicx,textcomp} and \usepackage[T1]{fontenc};",
        "% for names in Korean, XeLaTeX or LuaLaTeX with the package kotex in place of fontenc.",
    ]
    parts = []
    for section in document.sections:
        tables = [block for block in section.blocks if isinstance(block, Table) and block.rows]
        if tables:
            parts += [f"% {_line(section.title)}", *map(_table, tables)]
    return "\n\n".join(["\n".join(head), *parts]) + "\n"


def _table(table: Table) -> str:
    kinds = [column.kind for column in table.columns]
    layout = "".join("r" if kind.is_figure else "l" for kind in kinds)
    head = " & ".join(f"{escaped(column.title)}" for column in table.columns) + r" \\"
    rows = [
        " & ".join(_cell(value, kind) for value, kind in zip(row, kinds, strict=True)) + r" \\" for row in table.rows
    ]
    named = rf"\caption{{{escaped(table.caption)}}}\label{{tab:{table.name}}}"
    if len(rows) > _LONG:
        narrow = r"{\footnotesize\setlength{\tabcolsep}{3pt}"
        lines = [
            narrow,
            rf"\begin{{longtable}}{{{layout}}}",
            rf"{named} \\",
            r"\toprule",
            head,
            r"\midrule",
            r"\endhead",
        ]
        return "\n".join([*lines, *rows, r"\bottomrule", r"\end{longtable}}"])
    lines = [
        r"\begin{table}",
        r"\centering",
        named,
        r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
    ]
    lines += [rf"\begin{{tabular}}{{{layout}}}", r"\toprule", head, r"\midrule", *rows]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}}", r"\end{table}"])


def _cell(value: object, kind: Kind) -> str:
    text = shown(value, kind)
    return rf"${text.replace('−', '-').replace('<', '<')}$" if kind is Kind.P and "<" in text else escaped(text)


def escaped(text: str) -> str:
    """A text in one line whose signs LaTeX prints as they are."""
    return "".join(_SIGNS.get(sign, sign) for sign in _line(text))


def _line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", " ".join(text.split()))
