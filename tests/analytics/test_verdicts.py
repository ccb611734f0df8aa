"""The sentences of a verdict: none of them says the opposite of another, in any language."""

import pytest

from tests.reports.months import Kept
from triage.analytics.headline import Headline, Verdict, headline
from triage.analytics.report_week import read_week
from triage.analytics.values import FEWEST_PERSONS
from triage.analytics.verdicts import VerdictShown, verdict_shown
from triage.analytics.weekly import weekly_page
from triage.outcomes.only import ALL
from triage.records import LANGUAGES
from triage.store import get_forum
from triage.web import Numbers, word

from .forum import NOW, quarter, view

SIGNS = ("+", "-", "\u2212")


def found(verdict: Verdict, low: float, high: float) -> Headline:
    """Return a headline of a hundred persons on either side; 1,000 posts are all of them."""
    middle = (low + high) / 2
    return Headline(
        verdict=verdict,
        unit="person",
        lift=middle,
        low=low,
        high=high,
        prevented=1000 * middle,
        prevented_low=1000 * low,
        prevented_high=1000 * high,
        smallest_visible=0.08,
        persons_treatment=100,
        persons_holdout=100,
    )


CAUSES = found(Verdict.CAUSES, -0.2, -0.1)
PREVENTS = found(Verdict.PREVENTS, 0.1, 0.2)
UNDECIDED = found(Verdict.UNDECIDED, -0.2, 0.1)
UNSOUND = found(Verdict.UNSOUND, 0.1, 0.2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_posts_that_suggestions_cause_are_counted_without_a_sign(lang: str) -> None:
    shown = verdict_shown(CAUSES, lang)
    lift, worth, _ = shown.lines
    assert worth == word("verdict.worth_causes", lang, posts="150", low="100", high="200")
    span = Numbers(lang).apart_span(0.1, 0.2)
    assert lift == word("verdict.lift_causes", lang, lift=Numbers(lang).apart(0.15), span=span)
    assert not any(sign in lift.replace("%-yks", "") for sign in SIGNS)
    assert shown.tone == "bad"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_direction_has_words_of_its_own(lang: str) -> None:
    causes, prevents, undecided = (
        verdict_shown(one, lang).lines[:2] for one in (CAUSES, PREVENTS, UNDECIDED)
    )
    for one, other in zip((*causes, *causes[:1]), (*prevents, *undecided[:1]), strict=True):
        assert _words(one) != _words(other)
    assert _words(prevents[0]) != _words(undecided[0])
    assert "{" not in "".join((*causes, *prevents, *undecided))


def _words(line: str) -> list[str]:
    """Return a sentence without its numbers."""
    return [part for part in line.split() if part.isalpha()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_lift_that_does_not_hold_is_not_told(lang: str) -> None:
    shown = verdict_shown(UNSOUND, lang)
    assert shown.lines == (word("verdict.of_person", lang, treatment="100", holdout="100"),)
    assert shown.title == word("verdict.unsound_title", lang)


def test_of_what_is_not_known_the_smallest_visible_lift_is_told() -> None:
    lift, visible, _ = verdict_shown(UNDECIDED, "en").lines
    assert "\u22125.0" in lift
    assert "rarer are" not in lift
    assert visible == word("verdict.visible", "en", points="8.0\u00a0pp")


def test_a_forum_in_which_suggestions_cause_posts_is_told_so(empty: Kept) -> None:
    empty.put(quarter(persons=900, posting=0.1, posting_shown=0.8))
    shown = told(empty)
    assert shown.name == Verdict.CAUSES
    week = read_week("2026-W20", "UTC", ALL, NOW)
    with empty.database.read() as c:
        forum = get_forum(c, "demo")
    html = weekly_page(empty.database, forum, week, "en", NOW, charts=False)
    assert "posts that suggestions caused" in html
    assert "not needed" not in html
    assert "So much rarer" not in html


def test_a_lost_holdout_cannot_be_believed(empty: Kept) -> None:
    rows = quarter(persons=600)
    empty.put([row for row in rows if row["ask_id"] not in held_back(rows)])
    shown = told(empty)
    assert shown.title == word("verdict.unsound_title", "en")
    assert len(shown.lines) == 1
    assert headline(view(empty)).persons_holdout < FEWEST_PERSONS


def held_back(rows: list[dict[str, object]]) -> set[object]:
    return {row["ask_id"] for row in rows if row["type"] == "asked" and row["arm"] == "holdout"}


def told(kept: Kept) -> VerdictShown:
    return verdict_shown(headline(view(kept)), "en")
