"""/lead/deliveries: whether other systems are reached, what waits for them, and what was given up.

In: a page's frame, what its address asks for. Out: values of the template. Addresses of channels
and what opens them are never shown; what single persons are told is not here.
Not here: one delivery (delivery), delivering and tending (delivering), changing channels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage import store
from triage.api.pages.lead.here import Here, href
from triage.api.pages.showing import Cell, Head, Shown
from triage.api.problems import FieldProblem, bad_request
from triage.channels.forms import EVERY_MESSAGE
from triage.records import DeliveryState
from triage.store import RESTS_AFTER, ChannelRow, DeliveryRow

Values = Mapping[str, Any]
KEPT = frozenset({"state", "channel", "question", "after"})
PAGE = 50
TONES = {
    DeliveryState.PENDING: "plain",
    DeliveryState.DELIVERED: "good",
    DeliveryState.DEAD: "bad",
    DeliveryState.SKIPPED: "plain",
}
UNSETTLED = (DeliveryState.PENDING, DeliveryState.DEAD)
_MOST_INCOMING = 50


@dataclass(frozen=True, slots=True)
class ChannelShown:
    """A way to another system, and how it stands."""

    id: str
    name: str
    kind: str
    standing: str
    tone: str
    about: Sequence[str]
    waiting: str
    dead: int
    dead_said: str
    dead_path: str
    since: datetime | None
    heard: int


def deliveries_values(here: Here) -> Values:
    """Return what the tab of deliveries shows. Raises Problem for what there is not."""
    given = here.request.query_params
    state, channel_id, question_id = (
        given.get(name, "").strip() for name in ("state", "channel", "question")
    )
    if state and state not in set(DeliveryState):
        raise bad_request([FieldProblem("state", f"is none of {', '.join(DeliveryState)}")])
    forum_id = here.forum.id
    with here.database().read() as c:
        channels = store.list_channels(c, forum_id)
        counts = store.count_deliveries(c, forum_id, UNSETTLED)
        since = store.oldest_unsettled(c, forum_id)
        told = store.list_incoming(c, forum_id)
        sources = store.list_sources(c, forum_id)
        rows = store.list_deliveries(
            c,
            forum_id,
            channel_id=channel_id or None,
            state=DeliveryState(state) if state else None,
            question_id=question_id or None,
            before=_below(given.get("after")),
            limit=PAGE + 1,
        )
    names = {row.channel_id: row.name for row in channels}
    query = {"state": state, "channel": channel_id, "question": question_id}
    kept = {name: value for name, value in query.items() if value}
    more = str(rows[PAGE - 1].id) if len(rows) > PAGE else None
    return {
        "here": here,
        "channels": [_channel(here, row, counts, since, told) for row in channels],
        "shown": _table(here, rows[:PAGE], names),
        "fields": _fields(here, query, names),
        "narrowed": bool(kept),
        "before": href("deliveries", **kept) if given.get("after") else None,
        "after": None if more is None else href("deliveries", **kept, after=more),
        "incoming": _incoming(here, told, names),
        "sources": _sources(here, sources),
    }


def why_said(here: Here, code: str | None) -> str:
    """Return why something did not arrive, in words where there are any for the code."""
    if code is None:
        return "–"
    status = code.removeprefix("http_")
    if status != code:
        return here.part("code_http", status=status)
    return here.part(f"code_{code}") if here.has(f"lead_deliveries.code_{code}") else code


def _channel(
    here: Here,
    row: ChannelRow,
    counts: Mapping[str, Mapping[DeliveryState, int]],
    since: Mapping[str, datetime],
    told: Sequence[store.IncomingRow],
) -> ChannelShown:
    mine = counts.get(row.channel_id, {})
    dead, waiting = mine.get(DeliveryState.DEAD, 0), mine.get(DeliveryState.PENDING, 0)
    standing, tone = _standing(row, dead)
    about = [_told_of(here, row)] if row.wants else []
    if row.reached_at is not None:
        about.insert(0, here.part("reached", at=f"{row.reached_at:%Y-%m-%d %H:%M} UTC"))
    elif row.disabled_at is None:
        about.insert(0, here.part("never_reached"))
    if row.failures and row.disabled_at is None:
        about.append(here.counted("lead_deliveries.failures", row.failures))
    return ChannelShown(
        row.channel_id,
        row.name,
        here.part(f"kind_{row.kind}"),
        here.part(f"channel_{standing}"),
        tone,
        about,
        here.counted("lead_deliveries.waiting", waiting) if waiting else "",
        dead,
        here.counted("lead_deliveries.dead", dead),
        href("deliveries", state=DeliveryState.DEAD.value, channel=row.channel_id),
        since.get(row.channel_id),
        sum(one.channel_id == row.channel_id for one in told),
    )


def _told_of(here: Here, row: ChannelRow) -> str:
    if row.wants >= EVERY_MESSAGE:
        return here.part("told_everything")
    wants = ", ".join(type_said(here, one) for one in sorted(row.wants))
    return here.part("told_of", types=wants)


def _standing(row: ChannelRow, dead: int) -> tuple[str, str]:
    """Return how a channel stands, as a word of the page and its tone."""
    if row.disabled_at is not None:
        return ("gone", "bad") if row.disabled_why == "gone" else ("off", "soon")
    if row.failures >= RESTS_AFTER:
        return "resting", "bad"
    if dead:
        return "holds_back", "bad"
    return ("failing", "soon") if row.failures else ("works", "good")


def _table(here: Here, rows: Sequence[DeliveryRow], names: Mapping[str, str]) -> Shown:
    columns = ("when", "what", "channel", "state", "attempts", "code")
    heads = tuple(Head(one, here.part(f"col_{one}"), one == "attempts") for one in columns)
    return Shown(
        "deliveries",
        here.part("listed"),
        heads,
        tuple(
            (
                Cell(
                    f"{row.created_at:%Y-%m-%d %H:%M:%S}",
                    href=href("deliveries", row.channel_id, row.message_id),
                ),
                Cell(type_said(here, row.type), row.question_id or ""),
                Cell(names.get(row.channel_id, row.channel_id)),
                Cell(here.part(f"state_{row.state}"), mark=TONES[row.state]),
                Cell(here.numbers.count(row.attempts), number=True),
                Cell(why_said(here, row.code), next_said(here, row)),
            )
            for row in rows
        ),
    )


def next_said(here: Here, row: DeliveryRow) -> str:
    """Return when one that waits is tried next."""
    if row.state is not DeliveryState.PENDING:
        return ""
    if row.due_at is None:
        return here.part("behind")
    return here.part("next_at", at=f"{row.due_at:%Y-%m-%d %H:%M} UTC")


def _incoming(
    here: Here, told: Sequence[store.IncomingRow], names: Mapping[str, str]
) -> Shown | None:
    """Return what other systems have told us of and nobody has looked at yet."""
    if not told:
        return None
    columns = ("channel", "item", "when", "attempts", "code")
    heads = tuple(Head(one, here.part(f"col_{one}"), one == "attempts") for one in columns)
    rows = tuple(
        (
            Cell(names.get(one.channel_id, one.channel_id)),
            Cell(one.item),
            Cell(f"{one.at:%Y-%m-%d %H:%M}"),
            Cell(here.numbers.count(one.attempts), number=True),
            Cell(why_said(here, one.code), mark="soon" if one.code else ""),
        )
        for one in told[:_MOST_INCOMING]
    )
    return Shown("incoming", here.part("incoming"), heads, rows, max(0, len(told) - len(rows)))


def _sources(here: Here, sources: Sequence[store.SourceRow]) -> Shown | None:
    """Return which places are read from again and again, and how the last reading went."""
    if not sources:
        return None
    columns = ("source", "started", "finished", "changed")
    heads = tuple(Head(one, here.part(f"col_{one}")) for one in columns)
    rows = tuple(
        (
            Cell(one.source, one.kind),
            Cell(f"{one.started_at:%Y-%m-%d %H:%M}"),
            Cell(here.part("not_finished"), mark="soon")
            if one.finished_at is None
            else Cell(f"{one.finished_at:%Y-%m-%d %H:%M}"),
            Cell(", ".join(f"{name} {here.numbers.count(n)}" for name, n in one.counts.items())),
        )
        for one in sources
    )
    return Shown("sources", here.part("sources"), heads, rows)


def _fields(
    here: Here, query: Mapping[str, str], names: Mapping[str, str]
) -> list[tuple[str, str, str, list[tuple[str, str]] | None]]:
    states = [(state.value, here.part(f"state_{state}")) for state in DeliveryState]
    channels = sorted(names.items(), key=lambda one: one[1])
    return [
        ("state", here.part("by_state"), query["state"], states),
        ("channel", here.part("col_channel"), query["channel"], channels),
        ("question", here.part("by_question"), query["question"], None),
    ]


def type_said(here: Here, kind: str) -> str:
    """Return what a message tells of, in words where there are any for its type."""
    key = f"type_{kind.replace('.', '_')}"
    return here.part(key) if here.has(f"lead_deliveries.{key}") else kind


def _below(given: str | None) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise bad_request([FieldProblem("after", "is no `next` of a page before")])
    return int(given)
