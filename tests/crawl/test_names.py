"""Names are text: pages show them exactly as they stand, whatever Markdown, HTML or Plotly would make of them."""

import pytest
from sqlalchemy import select

from fercore.charts.theme import plain
from fercore.store.tables import Job
from tests.crawl.filled import NOTE, ODD, ODD_TASK

TEXTS = (
    "**x** _y_ ~~z~~ `q` ``",
    "<b>b</b> &amp; &lt; <!-- c -->",
    ":smile: :material/home: :red[x] :red-background[y]",
    "$x$ $$y$$ a$b",
    "[a](b) ![c](d) [e] [f]: g",
    "# x",
    "1. x",
    "- x",
    "> x",
    "| x | y |",
    "https://a.org www.b.org x@y.kr",
    "back\\slash \\*x\\*",
    "한국어 é ★ — ñ",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("", [ODD, "Import <i>queued</i>.csv"]),
        ("datasets", ["The file <b>is gone</b>."]),
        ("tasks", [ODD, ODD_TASK]),
        ("sweeps", ["before"]),
        ("runs?run=3", ["before **2**"]),
        ("agreement", ["*Lee* :smile:"]),
        ("reviewer?person=*Lee* :smile:", ["*Lee* :smile:"]),
        ("review?task=0&faces=1", [NOTE, "*Lee* :smile:"]),
        ("runs?run=5", ["The loss is <b>nan</b>."]),
    ],
)
def test_a_name_is_shown_as_it_stands(reader, path, names):
    reader.visit(path)
    shown = reader.page.locator("[data-testid=stMain]")
    for name in names:
        shown.filter(has_text=name).wait_for()


@pytest.mark.browser
def test_messages_and_titles_show_any_text_as_it_stands(crawler, filled):
    from fercore.settings import Settings
    from fercore.store import open_store

    text = " ; ".join(TEXTS)
    store = open_store(Settings(data_dir=filled / "data", models_dir=filled / "models"))
    with store.database.writing() as session:
        for job in session.scalars(select(Job).where(Job.status == "lost")):
            job.arguments, job.title, job.error = {**job.arguments, "title": text}, text, text
    store.database.close()
    tab = crawler()
    tab.visit("datasets")
    shown = tab.page.locator("[data-testid=stMain]")
    tab.page.wait_for_function("text => document.body.innerText.replaceAll('\u2060', '').includes(text)", arg=text)
    assert shown.inner_text().replace("\u2060", "").count(text) == 2


@pytest.mark.parametrize("text", ["<b>x</b>", "&lt;", "a & b"])
def test_charts_show_a_name_as_it_stands(text):
    import html

    assert html.unescape(plain(text)) == text and "<" not in plain(text)
