"""Own rules: what they find, what they refuse, and that no text makes them slow."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import BadField
from triage.policy import Rule, words_of
from triage.records import Destination


def found(text: str, *templates: str, lang: str = "en") -> str | None:
    rule = Rule("own", Destination.EXPERT, templates=templates)
    return rule.found_in(words_of(text), lang)


@pytest.mark.parametrize(
    ("template", "text", "is_found"),
    [
        ("monitor", "The Monitor is red", True),
        ("monitor", "The monitors are red", False),
        ("monitor*", "The monitors are red", True),
        ("*überwach*", "Die Systemüberwachung meldet", True),
        ("m*t*r", "A monitor", True),
        ("ab*ba", "aba", False),
        ("a*bc*bc", "a bc", False),
        ("aa*bc*bc", "aabcbc", True),
        ("cannot * log in", "I cannot log in", True),
        ("cannot * log in", "I cannot even really today log in", True),
        ("cannot * log in", "cannot one two three four five six log in", False),
        ("cannot * * log in", "cannot one two three four five six log in", True),
        ("log in", "in log", False),
        ("KV-1042", "It says kv-1042!", True),
        ("KV-1042", "It says kv-10422", False),
        ("the end *", "this is the end", True),
    ],
)
def test_a_template_finds(template: str, text: str, is_found: bool) -> None:
    assert (found(text, template) == template) is is_found


def test_a_rule_for_one_language_leaves_the_others_alone() -> None:
    rule = Rule("own", Destination.EXPERT, words=("feed",), languages=frozenset({"sv"}))
    assert rule.found_in(words_of("feed"), "en") is None
    assert rule.found_in(words_of("feed"), "sv") == "feed"


@pytest.mark.parametrize(
    "fields",
    [
        {"words": ()},
        {"words": ("",)},
        {"words": ("a",)},
        {"words": ("feed*",)},
        {"words": ("feed",) * 51},
        {"words": ("x" * 81,)},
        {"templates": ("* *",)},
        {"templates": ("*a*",)},
        {"templates": (" ".join(["ab"] * 13),)},
        {"languages": frozenset({"fr"})},
        {"reason": {"fr": "Oui"}},
        {"reason": {"en": ""}},
        {"reason": {"en": "two\nlines"}},
        {"name": "Big Name"},
    ],
)
def test_what_could_never_or_always_apply_is_refused(fields: dict[str, object]) -> None:
    rule = Rule("own", Destination.EXPERT, words=("feed",))
    with pytest.raises(BadField):
        replace(rule, **fields)  # type: ignore[arg-type]


def test_the_worst_text_for_the_worst_template_takes_no_time() -> None:
    words = words_of("ab " * 7_000 + "a" * 20_000)
    rule = Rule("own", Destination.EXPERT, templates=("ab * ab * ab * ab * ab * zz*",) * 50)
    started = time.perf_counter()
    assert rule.found_in(words, "en") is None
    assert time.perf_counter() - started < 10
    long = words_of("a" * 20_000)
    assert found("a" * 20_000, "*" + "a*" * 39) is not None
    assert (
        Rule("own", Destination.EXPERT, templates=("*a" * 38 + "*bb",)).found_in(long, "en") is None
    )


@given(text=st.text(max_size=200), template=st.text("ab* ", min_size=1, max_size=20))
def test_a_template_is_refused_or_read(text: str, template: str) -> None:
    fields = {"templates": (template,)}
    try:
        rule = replace(Rule("own", Destination.EXPERT, words=("feed",)), **fields)
    except BadField:
        return
    assert rule.found_in(words_of(f"{text} feed"), "en") in {"feed", template}
