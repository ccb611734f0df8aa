"""What is said to people exists in every language."""

import ast
import string
from pathlib import Path

import pytest

from triage.phrases import PHRASES, say
from triage.phrases.sensitive import SENSITIVE
from triage.records import LANGUAGES, Reason
from triage.text import SENSITIVE_TYPES

PACKAGE = Path(__file__).resolve().parents[2] / "triage"


@pytest.mark.parametrize("code", sorted(PHRASES))
def test_every_phrase_has_all_six_languages_and_the_same_parameters(code: str) -> None:
    phrases = PHRASES[code]
    assert set(phrases) == set(LANGUAGES)
    parameters = {
        lang: {name for _, name, _, _ in string.Formatter().parse(phrase) if name}
        for lang, phrase in phrases.items()
    }
    assert len({frozenset(p) for p in parameters.values()}) == 1


def test_every_reason_given_anywhere_has_a_phrase() -> None:
    given = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason":
                for constant in ast.walk(node.args[0]):
                    if isinstance(constant, ast.Constant):
                        given.add(constant.value)
    assert given
    assert given <= set(PHRASES)


def test_an_unknown_language_is_answered_in_english() -> None:
    assert say(Reason("unrouted"), "fr") == PHRASES["unrouted"]["en"]


def test_parameters_are_filled_in() -> None:
    assert "83" in say(Reason("needs_expert", {"percent": 83}), "fi")


def test_everything_sensitive_has_a_name_in_every_language() -> None:
    assert set(SENSITIVE) == set(SENSITIVE_TYPES)
    assert all(set(names) == set(LANGUAGES) for names in SENSITIVE.values())
    found = Reason("sensitive", {"types": "identity_number, password"})
    assert "eine Identifikationsnummer, ein Passwort" in say(found, "de")
    assert "identity_number" not in say(found, "fr")
