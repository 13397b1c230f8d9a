"""Rules of a team: read strictly, and held against what an audit counted."""

import pytest

from fercore.curation.audit_rules import Rule
from fercore.errors import InputError, RuleError
from fercore.services.audit import rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("labels: {max_share: 0.05}", [Rule("labels", 0.05)]),
        ("leaks:\n  max_count: 0\n", [Rule("leaks", None, 0)]),
        ("duplicates: {max_share: 1, max_count: 10}\nfaces: {max_count: 3}",
         [Rule("duplicates", 1.0, 10), Rule("faces", None, 3)]),
        ("\ufefflabels: {max_share: 5e-2}", [Rule("labels", 0.05)]),
    ],
)  # fmt: skip
def test_a_file_is_read(tmp_path, text, expected):
    file = tmp_path / "rules.yaml"
    file.write_text(text, encoding="utf-8")
    assert list(rules.read(file)) == expected


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (b"", "has no rules"),
        (b"- labels", "has no rules"),
        (b"labels", "has no rules"),
        (b"label: {max_share: 0.1}", "there is no check 'label'"),
        (b"labels:", "give 'labels' max_share, max_count or both"),
        (b"labels: {}", "give 'labels' max_share, max_count or both"),
        (b"labels: {max_share: 5}", "max_share of 'labels' must be a number from 0 to 1"),
        (b"labels: {max_share: -0.1}", "from 0 to 1"),
        (b"labels: {max_share: .nan}", "max_share"),
        (b"labels: {max_share: yes}", "max_share"),
        (b"labels: {max_count: 1.5}", "must be a whole number from 0 on"),
        (b"labels: {max_count: '3'}", "max_count"),
        (b"labels: {most: 3}", "'labels' knows no 'most', only max_share and max_count"),
        (b"labels: {max_count: 1}\nlabels: {max_count: 2}", "is not YAML"),
        (b"labels: &a {max_count: 1}\nleaks: *a", "aliases"),
        (b"labels: {max_count: 1", "is not YAML"),
        (b"\xff\xfe", "is not YAML"),
        (b"\x00", "is not YAML"),
        (b"labels: !!python/object/apply:os.system ['true']", "is not YAML"),
        (b"x" * 70_000, "over 64 KB"),
    ],
)
def test_a_faulty_file_is_refused_in_a_sentence(tmp_path, given, fault):
    file = tmp_path / "rules.yaml"
    file.write_bytes(given)
    with pytest.raises(InputError) as refusal:
        rules.read(file)
    assert fault in str(refusal.value) and "rules.yaml" in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"'none\.yaml' cannot be read"):
        rules.read(tmp_path / "none.yaml")


COUNTED = {
    "labels": {"count": 30, "population": 1000, "detail": {}},
    "leaks": {"count": 0, "population": 0, "detail": {}},
    "faces": {"count": 0, "population": 0, "detail": {"not_looked_at": {"D": "why"}}},
}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Rule("labels", 0.03), None),
        (Rule("labels", 0.029), "labels: 3.00% found, 2.90% allowed."),
        (Rule("labels", None, 30), None),
        (Rule("labels", 1.0, 29), "labels: 30 found, 29 allowed."),
        (Rule("leaks", 0.0, 0), None),
        (Rule("bias", None, 5), "The rule on bias cannot be judged: the audit did not make this check."),
        (Rule("faces", None, 5), "The rule on faces cannot be judged: the audit did not make this check."),
    ],
)
def test_what_exceeds_a_rule(rule, sentence):
    broken = rules.judged([rule], COUNTED)
    assert rules.sentences(broken) == ([] if sentence is None else [sentence])


def test_an_exception_needs_a_reason():
    broken = rules.judged([Rule("labels", 0.01)], COUNTED)
    assert rules.exception([], "") is None
    with pytest.raises(RuleError, match=r"The rules are exceeded\. labels: 3\.00% found"):
        rules.exception(broken, "  ")
    with pytest.raises(InputError, match="at most 1000 characters"):
        rules.exception(broken, "x" * 1001)
    kept = rules.exception(broken, " The source's labels stay as they are. ")
    assert kept == {
        "reason": "The source's labels stay as they are.",
        "exceeded": ["labels: 3.00% found, 1.00% allowed."],
    }
