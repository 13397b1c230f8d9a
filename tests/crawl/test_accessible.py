"""Every page opens, in both languages and themes, with its title and with nothing that axe calls serious; nothing
on it is cut or hangs over in a narrow window.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.crawl.crawler import PAGES
from tests.crawl.narrow import faults_of

pytestmark = pytest.mark.browser
RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
# A fade that ends, and has: what turns or glows for good is no reason to wait.
AT_REST = (
    "() => document.getAnimations().every(each => each.playState !== 'running'"
    " || each.effect?.getComputedTiming().endTime === Infinity)"
)
TITLES = {
    "en": (
        *("Home", "Datasets", "Review", "Tasks", "Adjudicate", "Audit", "Agreement", "Reviewers", "History"),
        *("Map of faces", "Snapshots"),
        *("Train", "Recipes", "Sweeps", "Runs", "Compare", "Predict"),
    ),
    "ko": (
        *("홈", "데이터셋", "검토", "과제", "중재", "감사", "일치도", "검토자별 기록", "이력", "얼굴 지도", "스냅샷"),
        *("학습", "레시피", "스윕", "실행", "비교", "예측"),
    ),
}


def serious(tab):
    """What axe finds that is serious or worse, in a line each."""
    result = Axe().run(tab, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} {[check['message'] for check in node['any']][:1]}"
        for rule in result
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(
    ("code", "theme", "half", "widths"),
    [
        pytest.param("en", "light", slice(0, None, 2), (390,), id="half of the pages"),
        pytest.param("ko", "dark", slice(1, None, 2), (1440,), id="the other half"),
        pytest.param("en", "dark", slice(None), (390, 1024, 1440), id="en", marks=pytest.mark.long),
        pytest.param("ko", "light", slice(None), (390, 1024, 1440), id="ko", marks=pytest.mark.long),
    ],
)
def test_every_page_opens_with_its_title_whole_and_without_a_serious_finding(readers, code, theme, half, widths):
    """As a page opens on a phone, and once its window is widened."""
    tab = readers(code, theme, 390)
    faults = {}
    for path, title in list(zip(PAGES, TITLES[code], strict=True))[half]:
        tab.page.set_viewport_size({"width": 390, "height": 900})
        tab.visit(path)
        tab.page.wait_for_function("title => document.title === title", arg=f"{title} · fercore")
        tab.page.wait_for_function("code => document.documentElement.lang === code", arg=code)
        for width in widths:
            tab.page.set_viewport_size({"width": width, "height": 900})
            tab.page.wait_for_timeout(100)
            tab.page.wait_for_function(AT_REST)  # what fades in is pale until then
            tab.check()
            if result := faults_of(tab.page) if width < 1440 else serious(tab.page):
                faults[path, width] = result
        assert tab.page.locator(".st-key-product").inner_text() == "fercore"
    assert faults == {}


STATES = {
    "a flag is set, and one face is large": ["g", "f"],
    "a reason to reject is asked for": ["x"],
    "several faces are selected": ["Space", "Shift+ArrowRight"],
    "the keys are explained": ["Shift+Slash"],
    "a note is written": ["n"],
}


@pytest.mark.parametrize(
    ("theme", "states"),
    [
        pytest.param("light", list(STATES)[::2], id="light"),
        pytest.param("dark", list(STATES)[1::2], id="dark"),
        pytest.param("light", list(STATES)[1::2], id="the others in light", marks=pytest.mark.long),
        pytest.param("dark", list(STATES)[::2], id="the others in dark", marks=pytest.mark.long),
    ],
)
def test_no_state_of_the_grid_has_a_serious_finding(crawler, theme, states):
    tab = crawler("en", theme)
    faults = {}
    for state in states:
        tab.visit("review")
        tab.page.wait_for_function("() => document.querySelector('[data-testid=face-grid]')?.dataset.painted")
        for key in STATES[state]:
            tab.page.keyboard.press(key)
        tab.page.wait_for_timeout(500)
        if result := serious(tab.page):
            faults[state] = result
    assert faults == {}


def test_what_the_mouse_is_over_keeps_the_text_s_colour(readers):
    """Streamlit's accent is 4 : 1 on the dark ground."""
    tab = readers("en", "dark")
    tab.visit("datasets")
    text = tab.page.locator("h1").evaluate("node => getComputedStyle(node).color")
    for kind in ("[data-testid^=stBaseButton-secondary]", "[data-testid=stTab]", "[data-testid=stExpander] summary"):
        hovered = tab.page.locator(f"{kind}:visible").first
        hovered.hover()
        tab.page.wait_for_timeout(400)
        assert hovered.evaluate("node => getComputedStyle(node).color") == text, kind
