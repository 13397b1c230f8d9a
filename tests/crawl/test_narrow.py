"""Nothing is cut or hangs over at 1024 and at 390 px, in either language."""

import pytest

from tests.crawl.crawler import PAGES

pytestmark = pytest.mark.browser

# What hangs over the window's right edge outside of anything that scrolls by itself, and words that are cut off.
FAULTS = """() => {
  const scrolls = node => {
    for (let up = node.parentElement; up && up.dataset.testid !== 'stMain'; up = up.parentElement)
      if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX)) return true;
    return false; };
  const seen = node => node.offsetParent && node.getClientRects().length && !node.closest('[data-testid=stSidebar]');
  const over = [...document.querySelectorAll('[data-testid=stMain] *')].filter(node => seen(node)
    && node.getBoundingClientRect().right > innerWidth + 1 && !scrolls(node));
  const words = 'button, [role=tab], h1, h3, label p, a p, [data-testid=stMetricLabel] p, [data-testid=stMetricValue]';
  const cut = [...document.querySelectorAll(words)].filter(node => seen(node) && node.innerText.trim()
    && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== 'visible'
    && !scrolls(node.parentElement));
  const told = (kind, node) => `${kind}: ${node.tagName} ${node.dataset.testid || node.className} `
    + node.innerText.slice(0, 60);
  return [...over.slice(0, 3).map(node => told('over', node)), ...cut.slice(0, 3).map(node => told('cut', node))];
}"""


@pytest.mark.parametrize("code", ["en", pytest.param("ko", marks=pytest.mark.long)])
def test_nothing_is_cut_or_hangs_over(readers, code):
    """As a page opens in the narrow window, and once that is widened."""
    tab = readers(code, "light", 390)
    faults = {}
    for path in PAGES:
        tab.page.set_viewport_size({"width": 390, "height": 900})
        tab.visit(path)
        for width in (390, 1024):
            tab.page.set_viewport_size({"width": width, "height": 900})
            tab.page.wait_for_timeout(600)
            tab.check()
            if result := tab.page.evaluate(FAULTS):
                faults[path, width] = result
    assert faults == {}


def test_the_look_finds_what_hangs_over_and_what_is_cut(readers):
    tab = readers("en", "light", 390)
    tab.visit("")
    tab.page.evaluate(
        "() => { const box = document.querySelector('[data-testid=stMainBlockContainer]');"
        " box.insertAdjacentHTML('beforeend', '<div id=wide style=\"width:900px;height:9px\">x</div>'"
        " + '<h3 style=\"width:30px;overflow:hidden;white-space:nowrap\">a long heading</h3>'); }"
    )
    result = tab.page.evaluate(FAULTS)
    assert any(fault.startswith("over: DIV") for fault in result) and any(
        fault.startswith("cut: H3") for fault in result
    )
