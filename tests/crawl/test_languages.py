"""The language is changed in the middle of work: every page goes on with what was chosen, in the other words."""

import itertools

import pytest

from tests.browser.running import choose
from tests.crawl.crawler import PAGES

pytestmark = pytest.mark.browser


def shows(tab, key, word):
    """Wait until the selectbox with this key has chosen these words."""
    script = "([key, word]) => document.querySelector(`.st-key-${key} input`)?.value === word"
    tab.page.wait_for_function(script, arg=[key, word], timeout=10_000)


@pytest.mark.long
@pytest.mark.parametrize("first", ["en", "ko"])
def test_every_page_survives_three_switches(readers, first):
    """Half of the pages open in the first language, half in the other, in which the page before was left."""
    tab = readers(first)
    names = itertools.cycle(("한국어", "English") if first == "en" else ("English", "한국어"))
    for path in PAGES:
        tab.visit(path)
        for name in itertools.islice(names, 3):
            tab.page.get_by_role("radio", name=name).click()
            tab.check()


def test_a_filter_stays_chosen_and_its_address_is_understood_in_the_other_language(readers):
    tab = readers("en")
    tab.visit("review?task=0&dataset=KFE&state=rejected&emotion=Happy")
    for name, word in (("한국어", "제외됨"), ("English", "rejected"), ("한국어", "제외됨")):
        tab.page.get_by_role("radio", name=name).click()
        tab.check()
        shows(tab, "state", word)
    there = tab.page.url
    other = readers("en")
    other.visit("review" + there.partition("/review")[2])
    shows(other, "state", "rejected")
    shows(other, "emotion", "Happy")


def test_a_choice_that_returns_to_the_first_one_is_remembered(readers):
    tab = readers("en")
    tab.visit("")
    for _ in range(2):
        for name in ("한국어", "English"):
            tab.page.get_by_role("radio", name=name).click()
            tab.check()
        tab.page.reload()
        tab.check()
        assert tab.page.get_by_role("radio", name="English").is_checked()
    for person in ("Kim", "tester"):
        choose(tab.page, "Reviewer", person)
        tab.check()
    tab.page.reload()
    tab.check()
    assert tab.page.get_by_role("combobox", name="Reviewer").input_value() == "tester"


@pytest.mark.parametrize(
    ("address", "name", "words"),
    [
        ("compare?view=confusion&evaluation=1", {"en": "Evaluation", "ko": "평가"}, {"en": "Run 1 ", "ko": "실행 1 "}),
        ("predict?run=2", {"en": "Model", "ko": "모델"}, {"en": "Run 2 ", "ko": "실행 2 "}),
        ("history?past-reviewer=Kim_2_", {"en": "Reviewer", "ko": "검토자"}, {"en": "Kim_2_", "ko": "Kim_2_"}),
        ("reviewer?person=Kim&record-dataset=KFE", {"en": "Dataset", "ko": "데이터셋"}, {"en": "KFE", "ko": "KFE"}),
    ],
)
def test_an_address_chooses_the_same_in_both_languages_and_survives_a_switch(readers, address, name, words):
    for code, other, button in (("en", "ko", "한국어"), ("ko", "en", "English")):
        tab = readers(code)
        tab.visit(address)
        for language in (code, other):
            if language == other:
                tab.page.get_by_role("radio", name=button).click()
                tab.check()
            box = tab.page.get_by_test_id("stMain").get_by_role("combobox", name=name[language], exact=True)
            assert box.first.input_value().startswith(words[language].rstrip()), (address, language)
            assert tab.page.url.endswith(address)
