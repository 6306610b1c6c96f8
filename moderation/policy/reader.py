"""TOML -> Policy. A policy compiles when it is loaded: what is wrong in it is said then, with file and line.

name = "my-blog"
appear = "after moderation"          # or "immediately"
says = "the blog's own words about when comments appear"
unjudged = "what happens to comments that the model cannot judge"      # optional

[[rules]]                            # one a sentence of the blog's policy
id = "personal"
says = "the blog's own words"
label = "personal_attack"            # either a label with `hold` and/or `reject`: a score from 0 to 1,
hold = "model"                       #   or "model", the threshold that was set when the model was made
reject = 0.8
fact = "registered"                  # or a fact: "registered" with `when_false` and/or `when_unknown`,
when_false = "reject"                #   "links" or "length" (characters) with `most` and `action`,
pattern = '(?i)buy (it )?now'         # or a pattern (RE2 syntax) with `action`
action = "hold"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import re2

from moderation.errors import PolicyError, UnknownNameError
from moderation.labels import LABEL_NAMES
from moderation.paths import policies
from moderation.policy.rules import (
    HOLD,
    MODEL,
    MODERATED,
    REJECT,
    UNJUDGED,
    CountRule,
    LabelRule,
    PatternRule,
    Policy,
    RegisteredRule,
    Rule,
)
from moderation.text.tokens import count_links

APPEAR = ("immediately", "after moderation")
_ACTIONS = (HOLD, REJECT)
_TOP = ("name", "appear", "says", "unjudged", "rules")
_KEYS = {
    "label": ("id", "says", "label", "hold", "reject"),
    "registered": ("id", "says", "fact", "when_false", "when_unknown"),
    "links": ("id", "says", "fact", "most", "action"),
    "length": ("id", "says", "fact", "most", "action"),
    "pattern": ("id", "says", "pattern", "action"),
}
_TAKEN = {
    MODERATED: "the rule about when comments appear",
    UNJUDGED: "the rule about comments that cannot be judged",
}
_COUNTS = {"links": count_links, "length": len}


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy as it is written, and the file it was read from, by which errors call it."""

    path: Path
    text: str


def load_policy(name: str) -> Policy:
    """Return a policy by the name of a shipped one (`barnet-eye`, `open`) or by the path of a TOML file.

    Raises:
        UnknownNameError: there is no policy of that name; the message suggests the nearest one.
        PolicyError: the file cannot be read or does not compile.
    """
    return compile_policy(policy_text(name))


def policy_text(name: str) -> PolicyText:
    """Return a policy as it is written, by the name of a shipped one or by the path of a TOML file.

    Raises:
        UnknownNameError: there is no policy of that name; the message suggests the nearest one.
        PolicyError: the file cannot be read.
    """
    if name.endswith(".toml") or "/" in name or "\\" in name:
        return _read(Path(name))
    if name not in shipped():
        raise UnknownNameError("policy", name, shipped())
    return _read(policies() / f"{name}.toml")


def shipped() -> list[str]:
    """Return the names of the shipped policies."""
    return sorted(path.stem for path in policies().glob("*.toml"))


def read_policy(path: Path) -> Policy:
    """Return the policy of a TOML file.

    Raises:
        PolicyError: it cannot be read, is not TOML, or a key, label, threshold, action or pattern in it is wrong.
    """
    return compile_policy(_read(path))


def compile_policy(written: PolicyText) -> Policy:
    """Return the policy that is written in TOML.

    Raises:
        PolicyError: it is not TOML, or a key, label, threshold, action or pattern in it is wrong.
    """
    path, text = written.path, written.text
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        line = where.group(1) if where else str(text.count("\n") + 1)
        raise PolicyError(f"{path}:{line}: is not TOML: {str(error).lower()}") from None
    except (ValueError, RecursionError):
        raise PolicyError(f"{path}:1: is not TOML that can be read: nested too deep, or a number too long") from None
    return _Compiler(path, text).policy(table)


def _read(path: Path) -> PolicyText:
    try:
        return PolicyText(path, path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise PolicyError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except UnicodeDecodeError:
        raise PolicyError(f"{path}: is not UTF-8 text, expected a policy in TOML") from None


class _Compiler:
    """Compiles one file; knows in which line each key of it stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.split("\n")
        self._rule_lines = [number for number, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*rules", line)]
        self._rule: int | None = None

    def policy(self, table: dict[str, Any]) -> Policy:
        self._check_keys(table, _TOP)
        appear = self._one_of(table, "appear", APPEAR)
        rows = table.get("rules", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._error("rules", "'rules' is no list of tables, expected [[rules]]")
        policy_name, says = self._text(table, "name"), self._text(table, "says")
        if len(rows) != len(self._rule_lines):
            raise self._error("rules", "rules are not written one by one, expected [[rules]] before each")
        if not rows:
            raise self._error("rules", "has no rules, expected at least one [[rules]]")
        rules: list[Rule] = []
        for self._rule, row in enumerate(rows):
            rule = self._compile(row)
            if rule.id in _TAKEN:
                raise self._error("id", f"rule id {rule.id!r} is taken by {_TAKEN[rule.id]}")
            if rule.id in {other.id for other in rules}:
                raise self._error("id", f"rule id {rule.id!r} occurs twice, expected different ids")
            rules.append(rule)
        policy = Policy(policy_name, says, appear == APPEAR[1], tuple(rules))
        self._rule = None
        return replace(policy, unjudged=self._text(table, "unjudged")) if "unjudged" in table else policy

    def _compile(self, row: dict[str, Any]) -> Rule:
        kinds = [key for key in ("label", "fact", "pattern") if key in row]
        if len(kinds) != 1:
            raise self._error("id", f"rule has {len(kinds)} of 'label', 'fact' and 'pattern', expected exactly one")
        kind = self._one_of(row, "fact", ("registered", "links", "length")) if kinds == ["fact"] else kinds[0]
        self._check_keys(row, _KEYS[kind])
        rule_id, says = self._text(row, "id"), self._text(row, "says")
        if kind == "label":
            return self._label_rule(row, rule_id, says)
        if kind == "registered":
            actions = [self._action(row, key) if key in row else None for key in ("when_false", "when_unknown")]
            if actions == [None, None]:
                raise self._error("fact", "rule does nothing, expected 'when_false' or 'when_unknown'")
            return RegisteredRule(rule_id, says, *actions)
        if kind == "pattern":
            return PatternRule(rule_id, says, self._pattern(row), self._action(row, "action"))
        return CountRule(rule_id, says, kind, self._count(row), self._action(row, "action"), _COUNTS[kind])

    def _label_rule(self, row: dict[str, Any], rule_id: str, says: str) -> LabelRule:
        label = self._one_of(row, "label", LABEL_NAMES)
        hold, reject = self._threshold(row, "hold"), self._threshold(row, "reject")
        if hold is None and reject is None:
            raise self._error("label", "rule does nothing, expected 'hold' or 'reject'")
        if isinstance(hold, float) and isinstance(reject, float) and hold > reject:
            raise self._error("hold", f"hold {hold} is above reject {reject}, expected it at or below")
        return LabelRule(rule_id, says, label, hold, reject)

    def _threshold(self, row: dict[str, Any], key: str) -> float | str | None:
        value = row.get(key)
        if value is None or value == MODEL:
            return value
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self._error(key, f"{key} is {value!r:.40}, expected a number from 0 to 1 or {MODEL!r}")
        return float(value)

    def _count(self, row: dict[str, Any]) -> int:
        value = row.get("most")
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._error("most", f"most is {value!r:.40}, expected a whole number from 0 on")
        return value

    def _pattern(self, row: dict[str, Any]) -> Any:
        options = re2.Options()
        options.log_errors = False
        try:
            return re2.compile(self._text(row, "pattern"), options)
        except re2.error as error:
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
            raise self._error("pattern", f"bad pattern: {reason}, expected RE2 syntax") from None

    def _action(self, row: dict[str, Any], key: str) -> str:
        return self._one_of(row, key, _ACTIONS)

    def _one_of(self, row: dict[str, Any], key: str, choices: Iterable[str]) -> str:
        value = row.get(key)
        if value is None:
            raise self._error(key, f"has no {key!r}, expected one of {', '.join(choices)}")
        if value not in choices:
            raise PolicyError(str(UnknownNameError(key, value, choices, self._where(key))))
        return str(value)

    def _text(self, row: dict[str, Any], key: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._error(key, f"{key!r} is missing or no text, expected the blog's own words or a name")
        return value

    def _check_keys(self, row: dict[str, Any], known: Iterable[str]) -> None:
        for key in row:
            if key not in known:
                raise PolicyError(str(UnknownNameError("key", key, known, self._where(key))))

    def _error(self, key: str, message: str) -> PolicyError:
        return PolicyError(f"{self._where(key)}: {message}")

    def _where(self, key: str) -> str:
        """File and line of a key: of the rule being compiled, or of the head of the file."""
        starts = [0, *self._rule_lines, len(self._lines)]
        part = 0 if self._rule is None else self._rule + 1
        first, last = starts[part], starts[part + 1]
        named = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
        found = next((number for number in range(first, last) if named.match(self._lines[number])), first)
        return f"{self._path}:{found + 1}"
