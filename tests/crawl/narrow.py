"""A look for what is cut or hangs over in a narrow window."""

from playwright.sync_api import Page

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


def faults_of(page: Page) -> list[str]:
    """What is cut or hangs over on a page, in a line each."""
    faults: list[str] = page.evaluate(FAULTS)
    return faults
