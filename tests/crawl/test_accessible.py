"""Every page in both themes as axe reads it: no serious finding; title, language and product on each."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.crawl.crawler import PAGES

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
TITLES = {
    "en": (
        "Home",
        "Datasets",
        "Review",
        "Tasks",
        "Adjudicate",
        "Agreement",
        "Reviewers",
        "History",
        "Snapshots",
        "Train",
        "Recipes",
    ),
    "ko": ("홈", "데이터셋", "검토"),
}


def serious(tab):
    """What axe finds that is serious or worse, in a line each."""
    found = Axe().run(tab, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} {[check['message'] for check in node['any']][:1]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("code", "theme"), [("en", "light"), ("ko", "dark")])
def test_no_page_has_a_serious_finding(crawler, code, theme):
    tab = crawler(code, theme)
    faults = {}
    for path in PAGES:
        tab.visit(path)
        tab.page.wait_for_timeout(800)
        if found := serious(tab.page):
            faults[path] = found
    assert faults == {}


@pytest.mark.parametrize("code", ["en", "ko"])
def test_every_page_has_its_title_its_language_and_the_products_name(crawler, code):
    tab = crawler(code)
    for path, title in zip(PAGES, TITLES[code], strict=False):
        tab.visit(path)
        tab.page.wait_for_function("title => document.title === title", arg=f"{title} · fercore")
        tab.page.wait_for_function("code => document.documentElement.lang === code", arg=code)
        assert tab.page.locator(".st-key-product").inner_text() == "fercore"
