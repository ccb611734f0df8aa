"""/lead/deliveries/{channel_id}/{message_id}: one message on its way, and its failed attempts.

In: a page's frame, which delivery. Out: values of the template.
Not here: the list of them (deliveries), trying one anew or letting it go (delivering.tending).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from triage import store
from triage.api.pages.lead.deliveries import TONES, UNSETTLED, next_said, type_said, why_said
from triage.api.pages.lead.here import Here, href
from triage.api.pages.showing import Cell, Head, Shown
from triage.delivering.tending import system_channel, system_delivery
from triage.records import DeliveryState
from triage.store import ChannelRow, DeliveryRow

Values = Mapping[str, Any]


def delivery_values(here: Here, channel_id: str, message_id: str) -> Values:
    """Return what the page of one delivery shows. Raises NoChannel, NoDelivery."""
    forum_id = here.forum.id
    with here.database().read() as c:
        channel = system_channel(c, forum_id, channel_id)
        row = system_delivery(c, forum_id, channel_id, message_id)
        message = store.get_messages(c, forum_id, [message_id]).get(message_id)
        attempts = store.attempts_of(c, forum_id, channel_id, message_id)
    data = {} if message is None else message.data
    return {
        "here": here,
        "said": type_said(here, row.type),
        "state": Cell(here.part(f"state_{row.state}"), mark=TONES[row.state]),
        "facts": list(_facts(here, row, channel)),
        "question": None if row.question_id is None else href("questions", row.question_id),
        "acts": href("audit", object=message_id),
        "own": href("deliveries", channel_id, message_id),
        "attempts": _attempts(here, attempts),
        "data": [(name, _plain(value)) for name, value in data.items() if value is not None],
        "may_replay": row.state is DeliveryState.DEAD,
        "may_skip": row.state in UNSETTLED,
    }


def _facts(here: Here, row: DeliveryRow, channel: ChannelRow) -> Iterator[tuple[str, str]]:
    part = here.part
    yield part("col_channel"), f"{channel.name} ({part(f'kind_{channel.kind}')})"
    yield part("message_id"), row.message_id
    yield part("col_when"), f"{row.created_at:%Y-%m-%d %H:%M:%S} UTC"
    yield part("col_attempts"), here.numbers.count(row.attempts)
    if row.last_at is not None:
        yield part("last_at"), f"{row.last_at:%Y-%m-%d %H:%M:%S} UTC"
    if row.status is not None:
        yield part("status"), str(row.status)
    if row.code is not None:
        yield part("col_code"), why_said(here, row.code)
    if row.milliseconds is not None:
        yield part("took"), part("milliseconds", n=here.numbers.count(row.milliseconds))
    if said := next_said(here, row):
        yield part("next"), said


def _attempts(here: Here, attempts: Sequence[store.AttemptRow]) -> Shown:
    columns = ("number", "when", "code", "status", "took")
    heads = tuple(Head(one, here.part(f"col_{one}"), one != "when") for one in columns)
    return Shown(
        "attempts",
        here.part("attempts"),
        heads,
        tuple(
            (
                Cell(here.numbers.count(one.number)),
                Cell(f"{one.at:%Y-%m-%d %H:%M:%S}"),
                Cell(why_said(here, one.code)),
                Cell("–" if one.status is None else str(one.status), number=True),
                Cell(
                    here.part("milliseconds", n=here.numbers.count(one.milliseconds)), number=True
                ),
            )
            for one in attempts
        ),
    )


def _plain(value: object) -> str:
    return value if isinstance(value, str) else repr(value)
