"""The same ids in two forums never mix."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event as sql_event

from triage.records import (
    Account,
    Act,
    Actor,
    ActorKind,
    Answer,
    ApiKey,
    Case,
    Forum,
    JobKind,
    JobState,
    Role,
    UnitKind,
)
from triage.retention import CLASSES, Retention
from triage.store import (
    BoilerplateRow,
    Connection,
    Database,
    DoubtRow,
    ErasureRow,
    HistoryRow,
    Means,
    StoredReply,
    UserRow,
    account_of,
    add_history,
    add_user,
    add_visitor_secret,
    adopt_encoder,
    beat_job,
    begin_erasure,
    bind_issuer,
    blank_too_old,
    boilerplate_segments,
    broken_act,
    cancel_job,
    changes_since,
    claim_job,
    claim_request,
    count_cases,
    count_texts,
    count_threads,
    count_vectors,
    delete_rows_of_person,
    delete_segments,
    delete_thread,
    disable_user,
    drop_old_requests,
    drop_old_sessions,
    drop_orphan_vectors,
    drop_orphans,
    drop_replies_about,
    drop_too_old,
    drop_vectors,
    enable_user,
    encoder_of,
    end_job,
    end_session,
    end_sessions,
    erased_persons,
    find_visitor_secret,
    find_words,
    finish_request,
    get_account,
    get_erasure,
    get_job,
    get_model,
    get_original,
    get_thread,
    get_triage,
    get_user,
    get_vectors,
    iter_acts,
    iter_cases,
    iter_events,
    iter_threads,
    iter_triages,
    known_digests,
    last_act,
    list_boilerplate,
    list_doubts,
    list_encoders,
    list_erasures,
    list_history,
    list_keys,
    list_models,
    list_sessions,
    list_users,
    list_visitor_secrets,
    make_link,
    next_revision,
    note_act,
    note_erasure,
    note_key_use,
    note_sign_in,
    note_visitor_use,
    open_session,
    password_hash_of,
    put_accounts,
    put_cases,
    put_events,
    put_model,
    put_original,
    put_threads,
    put_units,
    put_vectors,
    queue_job,
    release_request,
    remove_user,
    replace_boilerplate,
    replace_open_doubts,
    revoke_key,
    revoke_visitor_secret,
    rotate_key,
    rows_of_person,
    set_account_of,
    set_password,
    set_user_role,
    switch_encoder,
    thread_state,
    threads_verified_by,
    touch_session,
    user_of,
    user_of_issuer,
)
from triage.store.tables import METADATA

from .samples import NOON, event, reply_to_an_ask, thread

EVA = "eva@example.com"
DAY = timedelta(days=1)
DAYS = dict.fromkeys(CLASSES, 1)


def fill(c: Connection, key: ApiKey, mark: str) -> None:
    """Put one of everything, under the same ids, told apart by the mark alone."""
    forum_id = key.forum.id
    put_threads(
        c, forum_id, [thread(title=mark, answers=(Answer("1", mark),))], next_revision(c, forum_id)
    )
    put_units(c, forum_id, "t1", [(UnitKind.TITLE, None, "d")])
    put_threads(c, forum_id, [thread("gone")], next_revision(c, forum_id))
    delete_thread(c, forum_id, "gone", next_revision(c, forum_id))
    put_vectors(c, forum_id, "e5", {"d": np.full(2, len(mark), dtype=np.float32)})
    put_cases(c, forum_id, [(Case("c1", mark, ""), "d")])
    put_accounts(c, forum_id, [Account("acme", mark)])
    set_account_of(c, forum_id, "p", mark)
    reply_to_an_ask(c, forum_id, key.id, session="s", lang=mark)
    put_events(c, forum_id, key.id, False, [event(value=mark)], NOON)
    put_model(c, forum_id, "v1", mark, NOON, {})
    shared = BoilerplateRow("line", mark, "question", None, 10, 0.5, NOON)
    replace_boilerplate(c, forum_id, [shared])
    replace_open_doubts(c, forum_id, [DoubtRow("c1", "kind", mark, "bug", 0.9, "likelier", NOON)])
    add_history(c, forum_id, HistoryRow(NOON, "published", mark, "somebody"))
    adopt_encoder(c, forum_id, mark, (), mark)
    queue_job(c, forum_id, JobKind.ENCODE, {"encoder": mark}, NOON)
    claim_job(c, forum_id, JobKind.ENCODE, {"encoder": mark}, "me", NOON)
    beat_job(c, forum_id, JobKind.ENCODE, "me", NOON, 1, 2)
    add_visitor_secret(c, forum_id, "vs_1", mark, mark.encode(), NOON)
    put_original(c, forum_id, "r1", "p", mark.encode(), NOON, NOON + timedelta(days=1))
    begin_erasure(c, forum_id, ErasureRow("e1", "p", NOON, False, receipt={"said": mark}))
    user = add_user(c, forum_id, email=EVA, name=mark, role=Role.LEAD, at=NOON)
    set_password(c, forum_id, user.id, mark)
    bind_issuer(c, forum_id, EVA, "https://login", "1")
    note_sign_in(c, forum_id, user.id, NOON)
    make_link(c, forum_id, user.id, NOON, NOON + timedelta(days=1))
    open_session(c, user, Means.PASSWORD, NOON, NOON + timedelta(days=1))
    note_act(c, forum_id, Act(NOON, Actor(ActorKind.COMMAND, "me"), "key.create", mark))
    claim_request(c, forum_id, "key:1", "r", "k", "d", NOON)
    finish_request(c, forum_id, "key:1", "r", "k", 200, mark)


def seen(c: Connection, key: ApiKey) -> dict[str, Any]:
    forum_id = key.forum.id
    vectors = get_vectors(c, forum_id, "e5", ["d"])
    triages = list(iter_triages(c, forum_id))
    return {
        "thread": get_thread(c, forum_id, "t1"),
        "threads": list(iter_threads(c, forum_id)),
        "state": (thread_state(c, forum_id), count_threads(c, forum_id)),
        "counts": (count_texts(c, forum_id), count_vectors(c, forum_id, "e5")),
        "spaces": list_encoders(c, forum_id),
        "encoder": encoder_of(c, forum_id),
        "job": get_job(c, forum_id, JobKind.ENCODE),
        "changes": changes_since(c, forum_id, 0),
        "vectors": {digest: vector.tolist() for digest, vector in vectors.items()},
        "known": known_digests(c, forum_id, "e5", ["d"]),
        "cases": (list(iter_cases(c, forum_id)), count_cases(c, forum_id)),
        "account": (get_account(c, forum_id, "acme"), account_of(c, forum_id, "p")),
        "triages": (triages, get_triage(c, forum_id, "r1")),
        "events": list(iter_events(c, forum_id)),
        "models": (list_models(c, forum_id), get_model(c, forum_id, "v1")),
        "keys": list_keys(c, forum_id),
        "acts": (list(iter_acts(c, forum_id)), broken_act(c, forum_id), last_act(c, forum_id)),
        "visitors": (list_visitor_secrets(c, forum_id), find_visitor_secret(c, forum_id, "vs_1")),
        "shared": (list_boilerplate(c, forum_id), boilerplate_segments(c, forum_id)),
        "doubts": list_doubts(c, forum_id),
        "history": list_history(c, forum_id),
        "original": get_original(c, forum_id, "r1", NOON),
        "erasures": (list_erasures(c, forum_id), get_erasure(c, forum_id, "e1")),
        "forgotten": sorted(erased_persons(c, forum_id)),
        "person": {name: list(rows) for name, rows in rows_of_person(c, forum_id, "p").items()},
        "vouched": threads_verified_by(c, forum_id, "p"),
        "users": list_users(c, forum_id),
        "known_users": (
            password_hash_of(c, forum_id, EVA),
            user_of_issuer(c, forum_id, "https://login", "1"),
        ),
        "sessions": [
            list_sessions(c, forum_id, user.id, NOON, timedelta(days=1))
            for user in list_users(c, forum_id)
        ],
        "words": find_words(c, forum_id, ["bikes", "rowing"], everywhere=True),
    }


def eva(c: Connection, key: ApiKey) -> UserRow:
    return get_user(c, key.forum.id, EVA)


def replay(c: Connection, key: ApiKey) -> StoredReply | None:
    return claim_request(c, key.forum.id, "key:1", "r", "k", "d", NOON)


def test_what_one_forum_puts_the_other_does_not_see(
    database: Database, key: ApiKey, other_key: ApiKey
) -> None:
    with database.write() as c:
        before = seen(c, other_key)
        fill(c, key, "bikes")
        assert seen(c, other_key) == before
        ours = seen(c, key)
        fill(c, other_key, "rowing")
        assert seen(c, key) == ours
        theirs = seen(c, other_key)
        assert theirs["thread"] == thread(title="rowing", answers=(Answer("1", "rowing"),))
        assert theirs["vectors"] == {"d": [6.0, 6.0]}
        assert replay(c, key) == StoredReply(200, "bikes")
        assert replay(c, other_key) == StoredReply(200, "rowing")
        assert {name for name in ours if ours[name] == theirs[name]} == {
            *("state", "counts", "spaces", "known", "forgotten", "vouched")
        }


def test_the_sample_reaches_every_table(database: Database, key: ApiKey) -> None:
    with database.write() as c:
        fill(c, key, "bikes")
        for table in METADATA.sorted_tables:
            assert c.execute(table.select()).first() is not None, table.name


CHANGES: list[Callable[[Connection, ApiKey], object]] = [
    lambda c, key: put_units(c, key.forum.id, "t1", []),
    lambda c, key: delete_thread(c, key.forum.id, "t1", 9),
    lambda c, key: drop_orphan_vectors(c, key.forum.id, None, ["d"]),
    lambda c, key: drop_vectors(c, key.forum.id, "e5"),
    lambda c, key: switch_encoder(c, key.forum.id, "e5", (), "e5-1", "v1"),
    lambda c, key: cancel_job(c, key.forum.id, JobKind.ENCODE, NOON),
    lambda c, key: end_job(c, key.forum.id, JobKind.ENCODE, "me", JobState.DONE, NOON),
    lambda c, key: put_cases(c, key.forum.id, [(Case("c1", "new", "new"), "x")]),
    lambda c, key: replace_boilerplate(c, key.forum.id, []),
    lambda c, key: replace_open_doubts(c, key.forum.id, []),
    lambda c, key: add_history(c, key.forum.id, HistoryRow(NOON, "activated", "v1", "me")),
    lambda c, key: note_key_use(c, key.forum.id, key.prefix, NOON),
    lambda c, key: rotate_key(c, key.forum.id, key.prefix, at=NOON, grace=timedelta(hours=1)),
    lambda c, key: set_user_role(c, key.forum.id, eva(c, key).id, Role.ADMIN),
    lambda c, key: touch_session(
        c,
        key.forum.id,
        list_sessions(c, key.forum.id, eva(c, key).id, NOON, DAY)[0].id,
        NOON + DAY / 2,
    ),
    lambda c, key: end_session(c, key.forum.id, eva(c, key).id, "x"),
    lambda c, key: end_sessions(c, key.forum.id, eva(c, key).id),
    lambda c, key: drop_old_sessions(c, key.forum.id, NOON.replace(year=2030)),
    lambda c, key: disable_user(c, key.forum.id, user_of(c, key.forum.id, eva(c, key).id).id, NOON),
    lambda c, key: enable_user(c, key.forum.id, eva(c, key).id),
    lambda c, key: revoke_key(c, key.forum.id, key.prefix, NOON),
    lambda c, key: note_visitor_use(c, key.forum.id, "vs_1", NOON),
    lambda c, key: revoke_visitor_secret(c, key.forum.id, "vs_1", NOON),
    lambda c, key: release_request(c, key.forum.id, "key:1", "r", "k"),
    lambda c, key: drop_old_requests(c, key.forum.id, NOON.replace(year=2030)),
    lambda c, key: note_erasure(c, key.forum.id, "e1", {"said": "new"}, NOON),
    lambda c, key: drop_replies_about(c, key.forum.id, ["t1"]),
    lambda c, key: delete_segments(c, key.forum.id, "line", [key.forum.name]),
    lambda c, key: drop_orphans(c, key.forum.id),
    lambda c, key: blank_too_old(c, key.forum.id, Retention(DAYS), NOON.replace(year=2040)),
    lambda c, key: drop_too_old(c, key.forum.id, Retention(DAYS), NOON.replace(year=2040)),
    lambda c, key: delete_rows_of_person(c, key.forum.id, rows_of_person(c, key.forum.id, "p")),
    lambda c, key: remove_user(c, key.forum.id, eva(c, key).id),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_one_forum_changes_the_other_keeps(
    database: Database, key: ApiKey, other_key: ApiKey, change: Callable[..., object]
) -> None:
    with database.write() as c:
        fill(c, key, "bikes")
        fill(c, other_key, "rowing")
        before = seen(c, other_key)
        change(c, key)
        assert seen(c, other_key) == before
        assert replay(c, other_key) == StoredReply(200, "rowing")


def test_every_statement_names_the_forum(database: Database, forum: Forum, key: ApiKey) -> None:
    statements: list[str] = []
    with database.write() as c:
        sql_event.listen(c, "before_cursor_execute", lambda *call: statements.append(call[2]))
        fill(c, key, "bikes")
        seen(c, key)
        for change in CHANGES:
            change(c, key)
    assert len(statements) > 50
    for statement in statements:
        condition = statement.partition("WHERE")[2] or statement
        assert "forum_id" in condition or "forums.id" in condition, statement
