"""/analytics/gaps and /analytics/trends: what to write next, and what has begun to be asked.

In: a reading. Out: gaps with their tasks, the real FAQ, rising topics, candidates for known faults.
Not here: finding any of it (analytics.gaps, analytics.trends), changing a task (routes).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from triage.analytics.charting import RowMap, asks_chart
from triage.analytics.values import FEWEST_PERSONS
from triage.api.pages.analytics.cells import Charted, Col, rows_of, shown
from triage.api.pages.analytics.here import Here, Values, address
from triage.api.pages.analytics.naming import Named, name_threads
from triage.records import Role

NamedThreads = Mapping[str | None, Named]
_MOST, _MOST_GAPS = 25, 12
# What a gap may become from each state, the likely one first.
MOVES: Mapping[str, tuple[str, ...]] = {
    "open": ("drafting", "dismissed"),
    "drafting": ("answered", "open", "dismissed"),
    "answered": ("open",),
    "dismissed": ("open",),
}
_MAY_CHANGE = frozenset({Role.LEAD, Role.ADMIN})


def gaps(here: Here) -> Values:
    """Return what the tab of gaps shows."""
    rows = rows_of(here, "gaps")
    faq = rows_of(here, "faq")
    said = here.request.query_params.get("said", "")
    named = name_threads(here, [row["thread_id"] for row in (*rows, *faq)])
    return {
        "notice": here.say("gaps.changed") if said == "changed" else "",
        "alarm": here.say("gaps.no_thread") if said == "no_thread" else "",
        "gaps": [_gap(here, row, named) for row in rows[:_MOST_GAPS]],
        "more": max(0, len(rows) - _MOST_GAPS),
        "may_change": here.user.user.role in _MAY_CHANGE,
        "faq": shown(here, "faq", _faq(named), faq, most=_MOST),
        "fewest": FEWEST_PERSONS,
    }


def trends(here: Here) -> Values:
    """Return what the tab of trends shows."""
    rising, issues = rows_of(here, "rising"), rows_of(here, "issue_candidates")
    rising.sort(key=lambda row: (not row["rising"], row["q_value"] is None, row["q_value"]))
    weeks = rows_of(here, "weeks")
    cols = (Col("week"), Col("asks"), Col("persons"), Col("offered"), Col("seen"))
    return {
        "asked": Charted(asks_chart(weeks, here.numbers.lang), shown(here, "weeks", cols, weeks)),
        "rising": shown(here, "rising", _RISING, rising, most=_MOST),
        "found": sum(1 for row in rising if row["rising"]),
        "issues": shown(here, "issue_candidates", _ISSUES, issues, most=_MOST),
    }


def _gap(here: Here, row: RowMap, named: NamedThreads) -> Mapping[str, object]:
    numbers = here.numbers
    known = row["chance"] is not None
    return {
        "id": row["gap_id"],
        "rank": row["rank"],
        "terms": row["terms"] or here.say("analytics.no_terms"),
        "lang": row["lang"],
        "topic": row["topic"],
        "state": row["state"],
        "state_said": here.say(f"value.{row['state']}"),
        "by": row["by"],
        "thread": named[row["thread_id"]] if row["thread_id"] else None,
        "volume": here.say(
            "gaps.volume",
            asks=here.counted("analytics.asks_n", row["asks"]),
            persons=here.counted("analytics.persons", row["persons"]),
        ),
        "posted": here.say(
            "gaps.posted",
            share=numbers.share(row["chance"]),
            span=numbers.span(row["chance_low"], row["chance_high"]),
        )
        if known
        else here.say("analytics.too_few_for_share", fewest=FEWEST_PERSONS),
        "value": _value(here, row),
        "proof": _proof(here, row),
        "href": _behind(here, row),
        "moves": [(move, here.say(f"gaps.to_{move}")) for move in MOVES[row["state"]]],
    }


def _value(here: Here, row: RowMap) -> str:
    numbers = here.numbers
    if row["lift_measured"] is None or row["prevented"] is None:
        return here.say("gaps.not_measured")
    return here.say(
        "gaps.worth",
        posts=here.counted("analytics.persons", round(row["prevented"])),
        share=numbers.share(row["lift_measured"]),
    )


def _proof(here: Here, row: RowMap) -> str | None:
    """Return whether the answer moved what is posted; None as long as there is no answer."""
    numbers = here.numbers
    if row["answered_at"] is None:
        return None
    if row["change"] is None:
        return here.say("gaps.proof_waits")
    return here.say(
        "gaps.proof",
        before=numbers.share(row["before"]),
        after=numbers.share(row["after"]),
        change=numbers.points(row["change"]),
        span=numbers.points_span(row["change_low"], row["change_high"]),
        p=numbers.chance(row["p_value"]),
    )


def _behind(here: Here, row: RowMap) -> str:
    return here.link("/analytics/asks", behind=row["behind"])


def _behind_week(here: Here, row: RowMap) -> str:
    """Return where the asks of the days are that a row of trends counts."""
    # All of these days are counted, also those before the ones that the page is of.
    days = replace(here.filters, since=row["first_day"], until=row["last_day"])
    return address("/analytics/asks", (*days.query(), ("behind", row["behind"])))


def _terms(kind: str) -> Callable[[Here, RowMap], str]:
    def say(here: Here, row: RowMap) -> str:
        if kind == "rising" and row["kind"] == "topic":
            return str(row["name"])
        return str(row["terms"] or here.say("analytics.no_terms"))

    return say


def _faq(named: NamedThreads) -> tuple[Col, ...]:
    thread = Col(
        "thread_id",
        say=lambda here, row: named[row["thread_id"]].title,
        link=lambda here, row: named[row["thread_id"]].href,
    )
    return (*_FAQ_ASKED, thread, Col("solved_persons"))


_FAQ_ASKED = (
    Col("rank"),
    Col("terms", say=_terms("faq"), link=_behind),
    Col("persons"),
    Col("asks"),
    Col("offered_share"),
    Col("posted_share"),
)
_RISING = (
    Col("terms", say=_terms("rising"), link=_behind_week),
    Col("kind"),
    Col("persons"),
    Col("expected"),
    Col("ratio"),
    Col("q_value"),
    Col("rising"),
)
_ISSUES = (
    Col("terms", say=_terms("issue"), link=_behind_week),
    Col("persons"),
    Col("expected"),
    Col("q_value"),
    Col("bug_share"),
    Col("codes"),
    Col("products"),
    Col("known_issue_id"),
    Col("first_at"),
)
