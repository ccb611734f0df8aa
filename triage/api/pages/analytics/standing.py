"""/analytics/threads and /analytics/activity: which threads help, and what is posted and answered.

In: a reading. Out: threads with what looking and opening were worth; questions, cases and people
week by week.
Not here: the click model (insight, analytics.threads), the counts (analytics.activity, .adoption).
"""

from collections.abc import Sequence

from triage.analytics.charting import (
    RowMap,
    activity_chart,
    over_weeks,
    people_chart,
    places_chart,
    settled_by_chart,
    severity_chart,
)
from triage.api.pages.analytics.cells import Charted, Col, Link, Shown, rows_of, shown
from triage.api.pages.analytics.here import Here, Values
from triage.api.pages.analytics.naming import name_threads
from triage.errors import BadField

_MOST = 50
# By what the threads may be sorted; the largest first, and what is not known last.
SORTS = ("shown", "opened", "effect", "settled_by_it", "posted_after_share", "denied")
_SOURCES = ("questions", "cases")


def threads(here: Here) -> Values:
    """Return what the tab of threads shows. Raises BadField for an order that there is not."""
    sort = here.request.query_params.get("sort") or SORTS[0]
    if sort not in SORTS:
        raise BadField("sort", f"is none of {', '.join(SORTS)}")
    rows = sorted(rows_of(here, "threads"), key=lambda row: _order(row, sort))
    places = rows_of(here, "places")
    named = name_threads(here, [row["thread_id"] for row in rows[:_MOST]])
    title = Col(
        "thread_id",
        # Of one that is gone the store keeps no more than a number.
        say=lambda at, row: named[row["thread_id"]].title if row["thread_id"] else _key(row),
        link=lambda at, row: named[row["thread_id"]].href,
        word="thread",
    )
    return {
        "threads": shown(here, "threads", (title, *_THREADS), rows, most=_MOST),
        "sorts": {name: here.link("/analytics/threads", sort=name) for name in SORTS},
        "sort": sort,
        "measured": any(row["looked"] is not None for row in places),
        "places": Charted(
            places_chart(places, here.numbers.lang), shown(here, "places", _PLACES, places)
        ),
    }


def activity(here: Here) -> Values:
    """Return what the tab of activity shows."""
    lang = here.numbers.lang
    rows, severity = rows_of(here, "activity"), rows_of(here, "severity")
    people = rows_of(here, "adoption")
    over, people_over = (over_weeks(here.context, some) for some in (rows, people))
    return {
        "sources": [
            Charted(activity_chart(over, source, lang), _activity(here, rows, source))
            for source in _SOURCES
        ],
        "severity": Charted(
            severity_chart(over_weeks(here.context, severity), lang),
            shown(here, "severity", _SEVERITY, severity),
        ),
        "settled_by": Charted(
            settled_by_chart(people_over, lang),
            shown(here, "adoption", _SETTLED_BY, people, caption=here.say("chart.settled_by")),
        ),
        "people": Charted(
            people_chart(people_over, lang),
            shown(here, "adoption", _PEOPLE, people, caption=here.say("chart.people")),
        ),
    }


def _activity(here: Here, rows: Sequence[RowMap], source: str) -> Shown:
    mine = [row for row in rows if row["source"] == source]
    return shown(here, "activity", _ACTIVITY, mine, caption=here.say(f"chart.{source}"))


def _order(row: RowMap, sort: str) -> tuple[bool, float, str]:
    value = row[sort]
    return value is None, -float(value or 0), _key(row)


def _key(row: RowMap) -> str:
    """Return what names the thread of a row: its id, or a number where it is gone."""
    return str(row["behind"]).split(":", 2)[2]


def _level(here: Here, row: RowMap) -> str:
    return here.say(f"value.severity_{row['severity'] or 'unknown'}")


def _of_thread(side: str) -> Link:
    def link(here: Here, row: RowMap) -> str:
        return here.link("/analytics/asks", behind=f"thread:{side}:{_key(row)}")

    return link


_THREADS = (
    Col("shown", link=_of_thread("shown")),
    Col("opened", link=_of_thread("opened")),
    Col("persons"),
    Col("effect", ("effect_low", "effect_high")),
    Col("settled_by_it", link=_of_thread("settled_by_it")),
    Col("posted_after", link=_of_thread("posted_after")),
    Col("posted_after_share", ("posted_after_low", "posted_after_high")),
    Col("stands_out"),
    Col("denied", link=_of_thread("denied")),
)
_PLACES = (
    Col("rank", word="place"),
    Col("showings"),
    Col("by_lot"),
    Col("looked", ("looked_low", "looked_high")),
)
_ACTIVITY = (
    Col("week"),
    Col("received"),
    Col("persons"),
    Col("severe"),
    Col("settled"),
    Col("solved", word="solved_by_now"),
    Col("waiting"),
    Col("first_answer_seconds", ("first_answer_seconds_low", "first_answer_seconds_high")),
)
_SEVERITY = (
    Col("week"),
    Col(
        "severity", say=lambda here, row: here.say(f"value.severity_{row['severity'] or 'unknown'}")
    ),
    Col("questions"),
    Col("cases"),
    Col("persons"),
)
_SETTLED_BY = (
    Col("week"),
    Col("questions"),
    Col("by_customers"),
    Col("by_staff"),
    Col("by_nobody"),
    Col("through_ask_page"),
)
_PEOPLE = (Col("week"), Col("askers"), Col("helpers"), Col("staff_minutes"))
