"""Rules of a team as a YAML file, and the audits that they are held against."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fercore.curation.audit_rules import Breach, Rule, breaches
from fercore.curation.checks import Check
from fercore.errors import InputError, RuleError
from fercore.language import tr
from fercore.language.sentences import words
from fercore.language.system_reasons import reason
from fercore.settings import Settings
from fercore.training.recipes import plain_yaml

MAX_BYTES: Final = 64 * 1024
LONGEST_REASON: Final = 1000


class _Limits(BaseModel):
    """The limits of one check in the file."""

    model_config = ConfigDict(extra="forbid", strict=True)
    max_share: float | int | None = Field(None, ge=0, le=1)
    max_count: int | None = Field(None, ge=0)


def of_team(settings: Settings) -> tuple[Rule, ...]:
    """The rules in the file that the settings name; none where they name none. Raises InputError like `read`."""
    if settings.rules is None:
        return ()
    try:
        return read(settings.rules)
    except InputError as error:
        raise InputError(tr("{setting}: {fault}", setting="FERCORE_RULES", fault=error)) from error


def read(path: Path) -> tuple[Rule, ...]:
    """The rules in a file; raises InputError naming the file and its first fault."""
    try:
        with path.open("rb") as file:
            given = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(tr("'{name}' cannot be read: {why}.", name=path.name, why=words(reason(error)))) from error
    if len(given) > MAX_BYTES:
        raise InputError(tr("'{name}' is no file of rules: it has over {limit} KB.", name=path.name, limit=64))
    return parsed(given, path.name)


def parsed(given: bytes, name: str) -> tuple[Rule, ...]:
    """The rules in a file's bytes: a check's name, and below it max_share, max_count or both."""
    try:
        text = given.decode("utf-8-sig")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise InputError(tr("'{name}' is read without YAML's aliases (*name): write the value out.", name=name))
        checks = plain_yaml.load(text)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(tr("'{name}' is not YAML: {why}.", name=name, why=first)) from error
    if not isinstance(checks, dict) or not checks:
        example = "labels: {max_share: 0.05}"
        raise InputError(
            tr("'{name}' has no rules. Write one in each line, such as {example}.", name=name, example=example)
        )
    return tuple(_rule(name, check, limits) for check, limits in checks.items())


def _rule(name: str, check: Any, limits: Any) -> Rule:
    if check not in tuple(Check):
        known = ", ".join(Check)
        raise InputError(
            tr("'{name}': there is no check '{check}'. Choose one of {known}.", name=name, check=check, known=known)
        )
    try:
        given = _Limits.model_validate(limits)
    except ValidationError as error:
        raise InputError(_fault(name, check, error)) from error
    if given.max_share is None and given.max_count is None:
        raise InputError(tr("'{name}': give '{check}' max_share, max_count or both.", name=name, check=check))
    share = None if given.max_share is None else float(given.max_share)
    return Rule(Check(check), share, given.max_count)


def _fault(name: str, check: str, error: ValidationError) -> str:
    """The first fault of a check's limits in a sentence."""
    first = error.errors()[0]
    part = str(first["loc"][0]) if first["loc"] else ""
    if part == "max_share":
        return tr("'{name}': max_share of '{check}' must be a number from 0 to 1.", name=name, check=check)
    if part == "max_count":
        return tr("'{name}': max_count of '{check}' must be a whole number from 0 on.", name=name, check=check)
    if part:
        return tr(
            "'{name}': '{check}' knows no '{part}', only max_share and max_count.", name=name, check=check, part=part
        )
    return tr("'{name}': give '{check}' max_share, max_count or both.", name=name, check=check)


def judged(rules: Sequence[Rule], counted: Mapping[str, Mapping[str, Any]]) -> list[Breach]:
    """The rules that the counts of an audit exceed; one on a check that was not made, or had nothing to look at though
    there are faces, is broken, too.
    """
    made = {
        Check(check): (int(each["count"]), int(each["population"]))
        for check, each in counted.items()
        if not each.get("detail", {}).get("not_looked_at")
    }
    return breaches(rules, made)


def sentences(broken: Sequence[Breach]) -> list[str]:
    """Each exceeded rule in a sentence."""
    return [_sentence(breach) for breach in broken]


def _sentence(breach: Breach) -> str:
    rule = breach.rule
    if breach.count is None:
        return tr("The rule on {check} cannot be judged: the audit did not make this check.", check=str(rule.check))
    if rule.max_count is not None and breach.count > rule.max_count:
        return tr("{check}: {count} found, {most} allowed.", check=str(rule.check), count=f"{breach.count:,}",
                  most=f"{rule.max_count:,}")  # fmt: skip
    return tr("{check}: {share} found, {most} allowed.", check=str(rule.check), share=f"{breach.share or 0:.2%}",
              most=f"{rule.max_share or 0:.2%}")  # fmt: skip


def exception(broken: Sequence[Breach], why: str) -> dict[str, Any] | None:
    """The record of an exception from exceeded rules; None where none is exceeded.

    Raises RuleError where a rule is exceeded and no reason is given, InputError for one that is too long.
    """
    why = why.strip()
    if len(why) > LONGEST_REASON:
        raise InputError(tr("A reason has at most {longest} characters.", longest=LONGEST_REASON))
    if not broken:
        return None
    if not why:
        raise RuleError(" ".join([tr("The rules are exceeded."), *sentences(broken)]))
    return {"reason": why, "exceeded": sentences(broken)}


def as_json(broken: Sequence[Breach]) -> list[dict[str, Any]]:
    """Exceeded rules as the command line prints them."""
    return [
        {
            "check": str(breach.rule.check),
            "count": breach.count,
            "share": breach.share,
            "max_count": breach.rule.max_count,
            "max_share": breach.rule.max_share,
        }
        for breach in broken
    ]
