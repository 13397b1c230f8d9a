"""Documents as HTML, Markdown, CSV and LaTeX: names are text in all of them, and values are kept."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser

import pytest

from fercore.errors import InputError
from fercore.exports.documents import files, markdown
from fercore.exports.documents.document import (
    Column,
    Document,
    Kind,
    Listing,
    Paragraph,
    Picture,
    Section,
    Source,
    Table,
    shown,
)
from fercore.exports.documents.html import as_html
from fercore.exports.documents.latex import as_latex, escaped

HOSTILE = "<script>alert('x')</script> | [a](http://b) *c* $d$ %e \\f{g} #1 & _서울_"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>t</title></svg>'
TABLE = Table(
    "results",
    HOSTILE,
    (Column(HOSTILE), Column("n", Kind.COUNT), Column("Share", Kind.SHARE), Column("p", Kind.P)),
    ((HOSTILE, 12_345, 0.62734, 0.00001), ("=1+1", -1, None, 0.25)),
)
DOCUMENT = Document(
    HOSTILE,
    "ko",
    "made today",
    (
        Section(HOSTILE, (Paragraph(HOSTILE), Listing((HOSTILE, "1. one", "- two", "# three")), TABLE)),
        Section("B", (Picture("chart", HOSTILE, "words", SVG), Source("recipe.yaml", "Recipe", "name: <x>\n"))),
    ),
)


class Reader(HTMLParser):
    """The elements, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_html_needs_nothing_else_and_runs_nothing() -> None:
    page = Reader(as_html(DOCUMENT, "Contents"))
    assert not {"script", "iframe", "link", "object", "svg"} & set(page.tags)
    assert all(link.startswith(("#part-", "data:image/svg+xml;base64,")) for link in page.links)
    # The title twice, its link and heading, a paragraph, an item, a caption, a column and a cell: as they were given.
    assert page.texts.count(HOSTILE) == 9
    assert {"12,345", "62.7 %", "< 0.001", "–"} <= set(page.texts)


def test_markdown_takes_names_for_text() -> None:
    text = markdown.as_markdown(DOCUMENT, "report-files")
    plain = re.sub(r"\\(.)", "", text)  # without what is escaped
    assert "<script>" not in plain and "](http" not in plain and "*c*" not in plain
    assert re.search(r"^- 1\\\. one$", text, re.M) and re.search(r"^- \\# three$", text, re.M)
    rows = [line for line in plain.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {5}
    assert "![" in plain and "(report-files/chart.svg)" in plain and "(report-files/results.csv)" in plain


def test_csv_keeps_the_values() -> None:
    rows = list(csv.reader(io.StringIO(markdown.as_csv(TABLE).decode("utf-8-sig"))))
    assert rows == [
        [HOSTILE, "n", "Share", "p"],
        [HOSTILE, "12345", "0.62734", "1e-05"],
        ["=1+1", "-1", "", "0.25"],
    ]


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50 % of a_b & c#d", r"50 \% of a\_b \& c\#d"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("$x^2$ ~ <y>", r"\$x\textasciicircum{}2\$ \textasciitilde{} \textless{}y\textgreater{}"),
        ("−1.5 → 2", r"$-$1.5 $\rightarrow$ 2"),
        ("two\nlines\x00", "two lines"),
    ],
)
def test_latex_prints_signs_as_they_are(text: str, latex: str) -> None:
    assert escaped(text) == latex


def test_latex_has_each_table_once_with_a_row_for_each() -> None:
    text = as_latex(DOCUMENT)
    assert text.count(r"\begin{tabular}{lrrr}") == 1 and r"\label{tab:results}" in text
    body = text.split(r"\midrule")[1].split(r"\bottomrule")[0].strip().splitlines()
    assert len(body) == 2 and all(len(re.findall(r"(?<!\\)&", row)) == 3 for row in body)
    assert "$< 0.001$" in body[0]


def test_a_long_table_breaks_over_pages() -> None:
    long = Table("long", "Long", (Column("n", Kind.COUNT),), tuple((number,) for number in range(41)))
    text = as_latex(Document("t", "en", "m", (Section("s", (long,)),)))
    assert r"\begin{longtable}{r}" in text and r"\endhead" in text


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (None, Kind.SHARE, "–"),
        ("", Kind.TEXT, "–"),
        (0, Kind.COUNT, "0"),
        (0.0, Kind.SHARE, "0.0 %"),
        (-0.0123, Kind.POINTS, "−1.2"),
        (0.0123, Kind.POINTS, "+1.2"),
        (0.031, Kind.SIZE, "3.1"),
        (0.0004, Kind.P, "< 0.001"),
        (0.049, Kind.P, "0.049"),
        (1.23456, Kind.NUMBER, "1.235"),
        ("a-b", Kind.TEXT, "a-b"),
    ],
)
def test_values_are_read_as_their_kind(value: object, kind: Kind, words: str) -> None:
    assert shown(value, kind) == words


NAMES = {"chart.svg", "recipe.yaml", "results.csv"}


@pytest.mark.parametrize("suffix", files.SUFFIXES)
def test_each_kind_of_file_is_written_and_replaced_only_when_asked(tmp_path, suffix: str) -> None:
    target = tmp_path / f"한글 report{suffix}"
    files.write(DOCUMENT, target)
    first = target.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        files.write(DOCUMENT, target)
    files.write(DOCUMENT, target, replace=True)
    assert target.read_bytes() == first
    beside = tmp_path / "한글 report-files"
    assert {file.name for file in beside.iterdir()} == NAMES if suffix == ".md" else not beside.exists()
    assert {file.name for file in tmp_path.iterdir()} <= {target.name, beside.name}


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path) -> None:
    folder = tmp_path / "report-files"
    folder.mkdir()
    (folder / "thesis.docx").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        files.write(DOCUMENT, tmp_path / "report.md", replace=True)
    assert (folder / "thesis.docx").read_text() == "mine" and not (tmp_path / "report.md").exists()


@pytest.mark.parametrize("name", ["report", "report.pdf", "report.html.exe"])
def test_another_suffix_is_refused(tmp_path, name: str) -> None:
    with pytest.raises(InputError, match="must end in"):
        files.write(DOCUMENT, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_the_zip_holds_all_of_them() -> None:
    with zipfile.ZipFile(io.BytesIO(files.zipped(DOCUMENT))) as archive:
        names = set(archive.namelist())
    assert names == {"report.html", "report.md", "report.tex", *(f"report-files/{name}" for name in NAMES)}
