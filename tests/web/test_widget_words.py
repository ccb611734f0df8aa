"""The widget says everything in every language, with the plurals that the language has."""

import re
import string
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from triage.records import LANGUAGES

FOLDER = files("triage.web.widget")
# What CLDR has for whole numbers in all six.
FORMS = {"one", "other"}
# Keys that a script puts together; each has to be found in what it can become.
MADE = {"card.": ("card.fits", "card.doubts"), "types.": (), "route.": ("route.public",)}


def words_in(lang: str) -> dict[str, dict[str, Any]]:
    text = (FOLDER / "words" / f"{lang}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def flat(lang: str) -> dict[str, str]:
    return {
        f"{section}.{name}": said
        for section, names in words_in(lang).items()
        for name, said in names.items()
    }


def parameters(said: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(said) if name}


def scripts() -> str:
    parts = (path for path in FOLDER.iterdir() if path.name.endswith(".js"))
    return "\n".join(path.read_text(encoding="utf-8") for path in parts)


ENGLISH = flat("en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_parameters(lang: str) -> None:
    said = flat(lang)
    assert said.keys() == ENGLISH.keys()
    for key, words in said.items():
        assert words == words.strip() != "", key
        assert parameters(words) == parameters(ENGLISH[key]), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_counted_has_every_form_and_names_the_number(lang: str) -> None:
    counted = {s: n for s, n in words_in(lang).items() if n.keys() & FORMS}
    assert {"suggestions", "followers", "confirmed"} <= counted.keys()
    for section, forms in counted.items():
        assert forms.keys() == FORMS, section
        assert "{n}" in forms["other"], section


@pytest.mark.parametrize("lang", sorted(set(LANGUAGES) - {"en"}))
def test_no_sentence_was_left_in_english(lang: str) -> None:
    said = flat(lang)
    assert {key for key in said if said[key] == ENGLISH[key]} == set()


def test_every_word_that_a_script_asks_for_is_there() -> None:
    asked = set(re.findall(r'\b(?:say|told)\(\s*"(\w+\.\w+)"', scripts()))
    counted = set(re.findall(r'\bsay\("(\w+)", \{ n', scripts()))
    assert len(asked) > 30
    assert len(counted) > 5
    assert asked <= ENGLISH.keys()
    assert {f"{section}.{form}" for section in counted for form in FORMS} <= ENGLISH.keys()


def test_every_word_is_asked_for_by_some_script() -> None:
    source = scripts()
    unused = {
        key
        for key in ENGLISH
        if f'"{key}"' not in source and f'"{key.partition(".")[0]}"' not in source
    }
    for begun, whole in MADE.items():
        assert f"`{begun}${{" in source, begun
        assert ENGLISH.keys() >= set(whole), begun
        unused = {key for key in unused if not key.startswith(begun)}
    assert unused == set()
