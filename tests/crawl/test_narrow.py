"""The look for what is cut or hangs over finds such things; `test_accessible` takes it at every page."""

import pytest

from tests.crawl.narrow import faults_of

pytestmark = pytest.mark.browser


def test_the_look_finds_what_hangs_over_and_what_is_cut(readers):
    tab = readers("en", "light", 390)
    tab.visit("")
    tab.page.evaluate(
        "() => { const box = document.querySelector('[data-testid=stMainBlockContainer]');"
        " box.insertAdjacentHTML('beforeend', '<div id=wide style=\"width:900px;height:9px\">x</div>'"
        " + '<h3 style=\"width:30px;overflow:hidden;white-space:nowrap\">a long heading</h3>'); }"
    )
    result = faults_of(tab.page)
    assert any(fault.startswith("over: DIV") for fault in result) and any(
        fault.startswith("cut: H3") for fault in result
    )
