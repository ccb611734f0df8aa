"""The Discourse component's own files: what an administrator reads, in six languages.

What it does in a composer is told by tests/browser/test_discourse_component.py.
"""

import json
import re
from typing import Any

import pytest
import yaml

from triage.settings import ROOT

COMPONENT = ROOT / "discourse"
LOCALES = {"en": "en", "sv": "sv", "nb_NO": "nb", "da": "da", "fi": "fi", "de": "de"}
SCRIPTS = sorted((COMPONENT / "javascripts").rglob("*.*js"))


def _yaml(*path: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPONENT.joinpath(*path).read_text(encoding="utf-8"))
    return found


def _flat(tree: dict[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, one in tree.items():
        if isinstance(one, dict):
            found |= _flat(one, f"{above}{name}.")
        else:
            found[above + name] = one
    return found


def _words(locale: str) -> dict[str, str]:
    return _flat(_yaml("locales", f"{locale}.yml")[locale])


def test_discourse_takes_it_for_a_component() -> None:
    about = json.loads((COMPONENT / "about.json").read_text(encoding="utf-8"))
    assert about["component"] is True
    assert re.fullmatch(r"\d+\.\d+\.\d+", about["minimum_discourse_version"])


def test_it_speaks_the_six_languages() -> None:
    assert {path.stem for path in (COMPONENT / "locales").iterdir()} == set(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_says_all_that_english_says_in_words_of_its_own(locale: str) -> None:
    said, english = _words(locale), _words("en")
    assert said.keys() == english.keys()
    assert all(text.strip() for text in said.values())
    if locale != "en":
        same = {name for name in said if said[name] == english[name]}
        assert same <= {"theme_metadata.settings.products.schema.properties.product.label"}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_setting_is_explained_where_it_is_set(locale: str) -> None:
    explained = {
        name.split(".")[2] for name in _words(locale) if name.startswith("theme_metadata.settings.")
    }
    assert explained == _yaml("settings.yml").keys()


def test_every_setting_is_used_and_every_one_used_is_there() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    known = _yaml("settings.yml").keys()
    assert {name for name in known if re.search(rf"\b{name}\b", text)} == known
    assert set(re.findall(r"(?:\bsettings|#settings)\.(\w+)", text)) <= known


def test_every_word_that_is_said_is_there() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    said = set(re.findall(r'"(private\.\w+)"', text))
    assert said == {name for name in _words("en") if name.startswith("private.")}


def test_it_is_set_up_by_nobody_but_an_administrator() -> None:
    settings = _yaml("settings.yml")
    for name in ("script_address", "script_integrity", "publishable_key", "token_address"):
        assert settings[name]["default"] == ""
    assert settings["ask_to_remember"]["default"] is False


def test_its_style_is_read_alike_by_a_browser_and_by_discourses_compiler() -> None:
    style = (COMPONENT / "common" / "common.scss").read_text(encoding="utf-8")
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    assert not re.search(r"//|[$@&#]", bare)
    assert not re.search(r"\{[^}]*\{", bare), "a rule within a rule"
