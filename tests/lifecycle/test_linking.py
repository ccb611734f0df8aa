"""A company's form is opened with the question filled in, and nowhere else."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import BadField
from triage.lifecycle.linking import LONGEST, PLACES, check_template, fill

FORM = "https://support.example.com/new?about={title}&what={problem}&ref={triage_id}"
EVERY = "https://chat.example.com/#/ask?" + "&".join(f"{name}={{{name}}}" for name in PLACES)


@pytest.mark.parametrize(
    "template",
    [
        FORM,
        EVERY,
        "https://support.example.com",
        "https://support.example.com:8443/new#{title}",
        f"  {FORM}  ",
    ],
)
def test_a_template_is_kept_as_it_is(template: str) -> None:
    assert check_template(template) == template.strip()


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("http://support.example.com/?q={title}", "https"),
        ("javascript:alert(1)//?q={title}", "https"),
        ("mailto:help@example.com?subject={title}", "https"),
        ("//support.example.com/?q={title}", "https"),
        ("https:///new?q={title}", "https"),
        ("https://{title}.example.com/?q=1", "before"),
        ("https://example.com/{title}?q=1", "before"),
        ("https://example.com{title}", "before"),
        ("https://anna:secret@example.com/?q={title}", "before its host"),
        ("https://example.com/?q={password}", "places"),
        ("https://example.com/?q={}", "places"),
        ("https://example.com/?q={title", "places"),
        ("https://example.com/?q={{title}}", "places"),
        ("https://example.com/?q={title.__class__}", "places"),
        ("https://example.com/?q={title} now", "character"),
        ("https://example.com/?q={title}\n", "characters"),
        ("https://exämple.com/?q={title}", "character"),
        ("https://example.com\\@evil.example/?q={title}", "character"),
        ("https://example.com:99999/?q={title}", "address"),
        ("https://[1/?q={title}", "address"),
        ("https://example.com/?q=" + "x" * 1000, "more than"),
    ],
)
def test_what_could_lead_elsewhere_is_refused(template: str, why: str) -> None:
    if template.endswith("\n"):
        assert check_template(template) == template.strip()
        return
    with pytest.raises(BadField, match=why):
        check_template(template)


@pytest.mark.parametrize("template", [None, "", "  "])
def test_no_template_is_none(template: str | None) -> None:
    assert check_template(template) is None


def test_words_stand_in_their_places_and_nowhere_else() -> None:
    words = {"title": "50 % & more = #1?", "problem": "Överföring\nfastnar", "triage_id": "t1"}
    link = fill(FORM, words)
    asked = parse_qs(urlsplit(link).query)
    assert asked == {"about": ["50 % & more = #1?"], "what": ["Överföring fastnar"], "ref": ["t1"]}
    assert fill(FORM, {}) == "https://support.example.com/new?about=&what=&ref="


def test_what_one_does_not_need_the_others_have() -> None:
    link = fill(FORM, {"title": "Short", "problem": "long " * 1000, "triage_id": "t" * 32})
    assert "about=Short&" in link
    assert LONGEST - 20 < len(link) <= LONGEST
    assert "long%20long%E2%80%A6&" in link
    both = parse_qs(urlsplit(fill(FORM, {"title": "a" * 5000, "problem": "b" * 5000})).query)
    assert abs(len(both["about"][0]) - len(both["what"][0])) < 20


def test_ids_are_whole_however_much_was_written() -> None:
    words = {**dict.fromkeys(PLACES, "å" * 5000), "triage_id": "t" * 32, "question_id": "q" * 32}
    asked = parse_qs(urlsplit(fill(EVERY, words)).fragment.partition("?")[2])
    assert (asked["triage_id"], asked["question_id"]) == (["t" * 32], ["q" * 32])


@given(
    st.dictionaries(st.sampled_from(sorted(PLACES)), st.text(max_size=3000)),
    st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=40),
)
def test_whatever_was_written_the_address_is_short_and_leads_to_the_same_place(
    words: dict[str, str], places: list[str]
) -> None:
    template = "https://support.example.com/new?" + "&".join(f"p={{{name}}}" for name in places)
    link = fill(template[:1000].rpartition("&")[0] or template, words)
    assert len(link) <= LONGEST
    assert link.isascii()
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "support.example.com", "/new")
    assert not parts.fragment
    assert quote(parts.query, safe="=&%-._~") == parts.query
