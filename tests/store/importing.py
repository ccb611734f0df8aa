"""What a source has, what another system has told, and everything that reads or changes them."""

from datetime import timedelta
from typing import Any

from triage.records import ApiKey, Case, ChannelKind
from triage.store import (
    Connection,
    SourceItem,
    SourceRow,
    any_incoming,
    cases_kept_so,
    claim_incoming,
    delete_case,
    disown,
    drop_source_item,
    get_source,
    kept_by_others,
    list_channels,
    list_incoming,
    list_sources,
    not_of_source,
    put_incoming,
    put_off_incoming,
    put_source,
    put_source_items,
    settle_incoming,
    source_items_of,
    threads_kept_so,
)

from .samples import NOON, thread

_DAY = timedelta(days=1)
_KINDS = (ChannelKind.ZAMMAD,)


def bring_in(c: Connection, forum_id: int, mark: str) -> None:
    """Have a source read, and something told by the channel that there is."""
    for name in ("demo", "other"):
        put_source(
            c, forum_id, SourceRow(source=name, kind=mark, started_at=NOON, cursor={"at": mark})
        )
        put_source_items(c, forum_id, name, {"9": SourceItem("t1", mark), "8": SourceItem("", "")})
    (channel,) = list_channels(c, forum_id, _KINDS)
    put_incoming(c, forum_id, channel.channel_id, mark, NOON)


def brought_in(c: Connection, forum_id: int) -> dict[str, Any]:
    """Read all of it."""
    return {
        "sources": (
            get_source(c, forum_id, "demo"),
            list_sources(c, forum_id),
            source_items_of(c, forum_id, "demo"),
            source_items_of(c, forum_id, "demo", ["9"]),
        ),
        "owned": (
            not_of_source(c, forum_id, "demo", "threads", ["t1", "t2"]),
            not_of_source(c, forum_id, "demo", "cases", ["c1"]),
            kept_by_others(c, forum_id, "demo", "t1"),
            threads_kept_so(c, forum_id, [thread(title="bikes")]),
            cases_kept_so(c, forum_id, [(Case("c1", "bikes", ""), "d")]),
        ),
        "incoming": (list_incoming(c, forum_id), any_incoming(c, forum_id, _KINDS, NOON)),
    }


def change_brought_in(c: Connection, key: ApiKey) -> None:
    """Change all of it."""
    forum_id = key.forum.id
    put_source(c, forum_id, SourceRow(source="demo", kind="new", started_at=NOON))
    put_source_items(c, forum_id, "demo", {"9": SourceItem("t9", "new")})
    disown(c, forum_id, "other", ["t9"])
    put_source_items(c, forum_id, "demo", {"9": SourceItem("t9", "new")})
    assert drop_source_item(c, forum_id, "demo", "8")
    assert not drop_source_item(c, forum_id, "demo", "8")
    assert delete_case(c, forum_id, "c1") is not None
    assert delete_case(c, forum_id, "c1") is None
    (row,) = claim_incoming(c, forum_id, _KINDS, NOON, 9)
    assert claim_incoming(c, forum_id, _KINDS, NOON, 9) == []
    assert put_off_incoming(c, forum_id, row, NOON + _DAY, "http_500")
    # Told again: whoever looked before that has not seen it.
    put_incoming(c, forum_id, row.channel_id, row.item, NOON + _DAY)
    assert not settle_incoming(c, forum_id, row)
    assert not put_off_incoming(c, forum_id, row, NOON, "http_500")
    (again,) = claim_incoming(c, forum_id, _KINDS, NOON + _DAY, 9)
    assert settle_incoming(c, forum_id, again)
