"""A known issue, a cluster, a notice and how it is told, and all that reads or changes them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from triage.records import ApiKey, ChannelKind, MessageType, Visibility, Way
from triage.store import (
    AffectedAsk,
    ChannelRow,
    Connection,
    IssueState,
    KnownIssueRow,
    Notice,
    NoticeKind,
    Readers,
    affected_asks,
    askers_in,
    channels_of_person,
    cluster_of,
    clusters_revision,
    count_affected,
    count_messages,
    count_question_vectors,
    count_unread,
    example_vectors,
    followers_of,
    get_asked,
    get_issue,
    get_question_vectors,
    issues_revision,
    keep_apart,
    list_clusters,
    list_issues,
    members_of,
    notices_of,
    pairs_apart,
    put_affected,
    put_channel,
    put_clusters,
    put_issue,
    put_question_vectors,
    put_ways,
    question_ids_with_vector,
    read_notices,
    read_notices_to,
    set_sealed,
    set_wants,
    state_of_issue,
    take_affected_off,
    take_watch,
    tell,
    ways_of,
)

from .samples import NOON

ISSUE = KnownIssueRow(
    issue_id="ki_1", state=IssueState.PUBLISHED, title="", proposed_at=NOON, person="p"
)
ASK = AffectedAsk(
    issue_id="ki_1",
    ask_id="a1",
    person="p",
    lang="en",
    at=NOON,
    visibility=Visibility.GROUP,
    groups=frozenset({"beta"}),
)
NOTICE = Notice(person="p", kind=NoticeKind.SAME_ANSWER, subject="q1", at=NOON)


def address(mark: str) -> ChannelRow:
    """Where a person is told; its id is of no other forum."""
    return ChannelRow(
        channel_id=f"ch_{mark}",
        kind=ChannelKind.PERSON_EMAIL,
        name="email",
        sealed=mark.encode(),
        created_at=NOON,
        person="p",
        wants=frozenset({NoticeKind.SAME_ANSWER.value}),
    )


def share(c: Connection, forum_id: int, mark: str) -> None:
    """Publish an issue of an ask, have a question stand in a cluster, and tell a person."""
    put_issue(c, forum_id, replace(ISSUE, title=mark))
    put_affected(c, forum_id, [replace(ASK, lang=mark)])
    put_clusters(c, forum_id, {mark: ("q1",)}, NOON)
    keep_apart(c, forum_id, [("q1", f"q2 of {mark}")], NOON)
    put_question_vectors(c, forum_id, "e5", {"q1": np.full(2, len(mark), dtype=np.float32)})
    put_channel(c, forum_id, address(mark))
    put_ways(c, forum_id, "p", {NoticeKind.SAME_ANSWER: Way.EMAIL}, NOON)
    tell(c, forum_id, [replace(NOTICE, detail=mark)])
    take_watch(c, forum_id, NOON, timedelta(seconds=1))


def shared_by_many(c: Connection, forum_id: int) -> dict[str, Any]:
    """Read all of it."""
    vectors = get_question_vectors(c, forum_id, "e5", ["q1"])
    readers = (Readers(frozenset({"beta"})), Readers(), Readers(reads_all=True))
    return {
        "issues": (
            list_issues(c, forum_id),
            state_of_issue(c, forum_id, "ki_1"),
            affected_asks(c, forum_id, "ki_1"),
            get_asked(c, forum_id, ["a1"]),
            followers_of(c, forum_id, ["t1"]),
        ),
        "affected": (
            issues_revision(c, forum_id),
            [count_affected(c, forum_id, ["ki_1"], one) for one in readers],
            [(lang, row.tolist()) for lang, row in example_vectors(c, forum_id, "e5", "ki_1", 9)],
            clusters_revision(c, forum_id),
            count_question_vectors(c, forum_id, "e5"),
            question_ids_with_vector(c, forum_id, "e5"),
        ),
        "clusters": (
            list_clusters(c, forum_id),
            cluster_of(c, forum_id, "q1"),
            [members_of(c, forum_id, name) for name in ("bikes", "rowing")],
            [askers_in(c, forum_id, name) for name in ("bikes", "rowing")],
            pairs_apart(c, forum_id),
            {one: vector.tolist() for one, vector in vectors.items()},
        ),
        "notices": (
            notices_of(c, forum_id, "p"),
            notices_of(c, forum_id, "p", after=NOTICE.notice_id),
            notices_of(c, forum_id, "p", unread=True),
            count_unread(c, forum_id, "p"),
            ways_of(c, forum_id, "p"),
            channels_of_person(c, forum_id, "p"),
            count_messages(c, forum_id, "p", MessageType.NOTICE, NOON),
        ),
    }


def change_shared_by_many(c: Connection, key: ApiKey) -> None:
    """Change all of it."""
    forum_id = key.forum.id
    put_issue(c, forum_id, replace(get_issue(c, forum_id, "ki_1"), state=IssueState.WITHDRAWN))
    take_affected_off(c, forum_id, "ki_1", "a1")
    put_clusters(c, forum_id, {"other": ("q1",)}, NOON)
    put_clusters(c, forum_id, {"other": ()}, NOON)
    put_question_vectors(c, forum_id, "e6", {"q1": np.zeros(2, dtype=np.float32)})
    told = [one.notice_id for one in notices_of(c, forum_id, "p")]
    read_notices_to(c, forum_id, "p", told[0], NOON)
    read_notices(c, forum_id, "p", told, NOON)
    put_ways(
        c, forum_id, "p", {NoticeKind.SAME_ANSWER: Way.FEED, NoticeKind.ANSWERED: Way.NONE}, NOON
    )
    for row in channels_of_person(c, forum_id, "p"):
        set_wants(c, forum_id, row.channel_id, frozenset())
        set_sealed(c, forum_id, row.channel_id, b"new")
    tell(c, forum_id, [replace(NOTICE, subject="q2")])
    take_watch(c, forum_id, NOON + timedelta(days=1), timedelta(seconds=1))
