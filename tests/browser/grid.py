"""The review grid as a browser has it: open it, press keys, read what it shows and what the store holds."""

from urllib.parse import quote

from sqlalchemy import select

from fercore.store.tables import Decision, Face
from tests.browser.running import at_rest


def open_grid(page, app, query="dataset=D"):
    page.goto(f"{app.url}/review?{query}")
    wait_painted(page)


def wait_painted(page, besides=None):
    page.wait_for_function(
        "old => { const g = document.querySelector('[data-testid=face-grid]');"
        " return g && g.dataset.painted && g.dataset.painted !== old; }",
        arg=besides,
    )


def painted(page):
    return page.evaluate("document.querySelector('[data-testid=face-grid]').dataset.painted")


def saved(page):
    return int(page.locator("[data-testid=saved-count]").inner_text())


def wait_saved(page, count):
    """Wait until nothing is on its way to the store, and so many decisions are stored and not undone."""
    page.wait_for_function(
        "n => document.querySelector('.fc-saved')?.dataset.state === 'saved'"
        " && Number(document.querySelector('[data-testid=saved-count]').textContent) === n",
        arg=count,
    )


def wait_outage(page, text):
    """Wait until the grid says that decisions wait in the browser."""
    page.get_by_test_id("outage").filter(has_text=text).wait_for()


def tile(page, index):
    node = page.locator("[data-testid=face-tile]").nth(index)
    return node.get_attribute("data-emotion"), node.get_attribute("data-state")


def focused(page):
    """Which tile the keys act on; the grid has the keyboard and says it to screen readers."""
    return int(
        page.evaluate(
            "() => { const grid = document.activeElement;"
            " return grid.querySelector(`#${grid.getAttribute('aria-activedescendant')}[data-at]`).dataset.index; }"
        )
    )


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def confirming(page):
    """Is the page confirmed, and the next one on its way?"""
    return page.locator(".fc-waiting").count() > 0


def confirm_page(page):
    """Enter, again while it only brings faces into view that were not seen, until another page is there."""
    before = painted(page)
    for _ in range(20):
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
        if confirming(page) or painted(page) != before:
            break
    wait_painted(page, before)


def decisions(app):
    with app.store.database.reading() as session:
        rows = session.execute(select(Decision.face_id, Decision.kind).order_by(Decision.sequence))
        return [tuple(row) for row in rows]


def labels(app):
    with app.store.database.reading() as session:
        rows = session.execute(select(Face.id, Face.emotion, Face.state, Face.reason))
        return {row[0]: tuple(row[1:]) for row in rows}


def sit_down(page, name):
    """Choose or add a reviewer in the side bar."""
    at_rest(page)
    box = page.get_by_role("combobox", name="Reviewer")
    for _ in range(5):  # a run of the page that ends meanwhile empties the box
        box.click()
        box.fill(name)
        page.keyboard.press("Enter")
        for _ in range(60):
            if page.evaluate(f"document.cookie.includes('fercore_reviewer={quote(name)}')"):
                return
            page.wait_for_timeout(100)
    raise AssertionError(f"{name} does not sit there")
