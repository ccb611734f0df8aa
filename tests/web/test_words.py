"""Every page says everything in every language."""

import re
import string

import pytest

from triage.records import LANGUAGES, Role
from triage.store import Means
from triage.store.holdings.register import FIXED, HOLDINGS, Fate
from triage.web import choose_language, word
from triage.web.rendering import _environment
from triage.web.words import words_of

KEYS = words_of("en").keys()


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_same_words_and_parameters(lang: str) -> None:
    words = words_of(lang)
    assert words.keys() == KEYS
    for key in KEYS:
        assert words[key].strip(), key
        assert parameters(words[key]) == parameters(words_of("en")[key]), key


def test_every_word_that_a_template_asks_for_is_there() -> None:
    environment = _environment()
    asked = set()
    for name in environment.list_templates():
        source = environment.loader.get_source(environment, name)[0]  # type: ignore[union-attr]
        asked |= set(re.findall(r'\bt\("([a-z_]+\.[a-z_]+)"', source))
    assert len(asked) > 50
    whole = {key for key in asked if not key.endswith("_")}
    assert whole <= KEYS
    for begun in asked - whole:
        assert any(key.startswith(begun) for key in KEYS), begun


def test_every_role_and_means_has_a_name() -> None:
    assert {f"role.{role}" for role in Role} <= KEYS
    assert {f"means.{means}" for means in Means} <= KEYS


def test_everything_personal_that_is_kept_is_named_to_people() -> None:
    """A new table of persons or texts needs its words under [kept] in all six files."""
    personal = {f"kept.{one.table}" for one in HOLDINGS if one.personal}
    assert {key for key in KEYS if key.startswith("kept.")} == personal


def test_every_time_and_fate_of_what_is_kept_has_words() -> None:
    assert {f"trust.erasure_{fate.name.lower()}" for fate in Fate} <= KEYS
    assert {f"trust.until_{name}" for name in (*FIXED, "removed")} <= KEYS


def test_parameters_are_filled_in() -> None:
    assert "15" in word("sign_in.too_many", "fi", minutes=15)


@pytest.mark.parametrize(
    ("wanted", "kept", "accepted", "chosen"),
    [
        ("sv", "de", "fi", "sv"),
        (None, "de", "fi", "de"),
        (None, None, "fi-FI,fi;q=0.9,en;q=0.5", "fi"),
        (None, None, "en;q=0.1,da;q=0.9", "da"),
        (None, None, "fr,no;q=0.4", "nb"),
        (None, None, "fr-FR, *;q=0.1", "en"),
        (None, None, "de;q=0", "en"),
        (None, None, "de;q=x", "en"),
        ("xx", "<script>", "", "en"),
        (None, None, "", "en"),
    ],
)
def test_the_language_is_what_was_asked_for_kept_or_accepted(
    wanted: str | None, kept: str | None, accepted: str, chosen: str
) -> None:
    assert choose_language(wanted, kept, accepted) == chosen
