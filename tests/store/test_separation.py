"""The same ids in two forums never mix."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event as sql_event

from tests.empty_store import put_store, whole
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
    StaffWord,
    UnitKind,
    Word,
)
from triage.retention import CLASSES, Retention
from triage.store import (
    AskDay,
    BaselinePeriod,
    BoilerplateRow,
    ClosedPeriod,
    Connection,
    Database,
    DoubtRow,
    ErasureRow,
    HistoryRow,
    Means,
    PolicyAction,
    PolicyChange,
    PolicyState,
    ProfileRow,
    Proposable,
    ProposalState,
    Review,
    StoredReply,
    UserRow,
    account_ids_by_person,
    account_of,
    accounts_by_id,
    active_policy,
    add_history,
    add_policy,
    add_policy_change,
    add_user,
    add_visitor_secret,
    adopt_encoder,
    agreed_since,
    ask_days,
    ask_job,
    baseline_of,
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
    close_period,
    closed_period,
    closed_periods_of,
    companies_of,
    count_cases,
    count_held,
    count_sent,
    count_stale,
    count_texts,
    count_threads,
    count_vectors,
    credits_of,
    decide_proposal,
    delete_rows_of_person,
    delete_segments,
    delete_thread,
    disable_user,
    drop_ask_days,
    drop_old_requests,
    drop_old_sessions,
    drop_orphan_vectors,
    drop_orphans,
    drop_profile,
    drop_replies_about,
    drop_too_old,
    drop_vectors,
    enable_user,
    encoder_of,
    end_job,
    end_session,
    end_sessions,
    ensure_forum,
    erased_persons,
    events_between,
    export_events,
    find_visitor_secret,
    find_words,
    finish_request,
    forget_stale,
    get_account,
    get_erasure,
    get_job,
    get_model,
    get_original,
    get_policy,
    get_proposal,
    get_thread,
    get_triage,
    get_user,
    get_vectors,
    gone_stale,
    held_asks,
    helped_by,
    iter_acts,
    iter_cases,
    iter_events,
    iter_past_asks,
    iter_threads,
    iter_triages,
    known_digests,
    last_act,
    list_boilerplate,
    list_doubted,
    list_doubts,
    list_encoders,
    list_erasures,
    list_history,
    list_keys,
    list_models,
    list_past_jobs,
    list_policies,
    list_policy_changes,
    list_proposals,
    list_sessions,
    list_users,
    list_visitor_secrets,
    make_link,
    name_is_taken,
    next_revision,
    note_act,
    note_erasure,
    note_key_use,
    note_sign_in,
    note_simulated,
    note_visitor_use,
    open_session,
    password_hash_of,
    policy_in,
    posted_waits,
    profile_of_id,
    profiles_of,
    propose_cases,
    put_accounts,
    put_ask_day,
    put_cases,
    put_events,
    put_model,
    put_original,
    put_profile,
    put_review,
    put_threads,
    put_units,
    put_vectors,
    put_vote,
    queue_job,
    release_request,
    remove_user,
    replace_baseline,
    replace_boilerplate,
    replace_open_doubts,
    reviews_of,
    revoke_key,
    revoke_visitor_secret,
    rotate_key,
    rows_of_person,
    set_account_of,
    set_password,
    set_policy_state,
    set_user_role,
    some_stale,
    sqlite_url,
    switch_encoder,
    thread_state,
    threads_verified_by,
    told_asks,
    told_events,
    touch_session,
    user_of,
    user_of_issuer,
    votes_of,
    withdraw_proposals,
)
from triage.store.tables.base import METADATA

from .conftest import make_key
from .filings import change_filed_away, file_away, filed_away
from .following import change_follow_ups, follow, followed
from .grouping import change_grouped, group, grouped
from .handing_out import change_handed_out, hand_out, handed_out
from .importing import bring_in, brought_in, change_brought_in
from .measuring_samples import MEASURING_CHANGES, fill_measuring, seen_measuring
from .posting import change_posted, post, posted
from .reviewing import change_reviewed, review, reviewed
from .samples import NOON, event, reply_to_an_ask, thread
from .sharing import change_shared_by_many, share, shared_by_many

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
    put_vote(c, forum_id, ("t1", "1"), "p", Word.OUTDATED, NOON)
    put_vote(c, forum_id, ("t1", "1"), mark, Word.HELPFUL, NOON)
    put_review(c, forum_id, ("t1", "1"), Review(StaffWord.VERIFIED, NOON, mark))
    put_profile(c, forum_id, ProfileRow("p", "m1", mark, mark, False, NOON, NOON))
    for n, person in enumerate(("p", mark)):
        propose_cases(c, forum_id, [Proposable(f"c{n}", mark, person, NOON)], NOON)
    reply_to_an_ask(c, forum_id, key.id, session="s", lang=mark)
    put_events(c, forum_id, key.id, False, [event(value=mark)], NOON)
    fill_measuring(c, key, mark)
    follow(c, forum_id, mark)
    post(c, forum_id, mark)
    share(c, forum_id, mark)
    group(c, forum_id, mark)
    review(c, forum_id, mark)
    file_away(c, forum_id, mark)
    hand_out(c, forum_id, mark)
    bring_in(c, forum_id, mark)
    put_model(c, forum_id, "v1", mark, NOON, {})
    shared = BoilerplateRow("line", mark, "question", None, 10, 0.5, NOON)
    replace_boilerplate(c, forum_id, [shared])
    replace_open_doubts(c, forum_id, [DoubtRow("c1", "kind", mark, "bug", 0.9, "likelier", NOON)])
    add_history(c, forum_id, HistoryRow(NOON, "published", mark, "somebody"))
    version = add_policy(c, forum_id, mark, "me", NOON)
    add_policy_change(c, forum_id, PolicyChange(NOON, PolicyAction.DRAFT, version, mark))
    set_policy_state(c, forum_id, version, PolicyState.ACTIVE)
    note_simulated(c, forum_id, version, {"said": mark})
    adopt_encoder(c, forum_id, mark, (), mark)
    ask_job(c, forum_id, JobKind.TRAIN, {"seed": mark}, NOON)
    cancel_job(c, forum_id, JobKind.TRAIN, NOON)
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
    put_ask_day(c, forum_id, AskDay("2026-03-02", mark.encode(), 1, 1))
    close_period(c, forum_id, closed(mark))
    replace_baseline(c, forum_id, [BaselinePeriod(NOON, NOON + DAY, len(mark))], mark, NOON)


def closed(mark: str) -> ClosedPeriod:
    return ClosedPeriod(NOON, NOON + DAY, "UTC", NOON + DAY, NOON + DAY, mark, {"said": mark})


def seen(c: Connection, key: ApiKey) -> dict[str, Any]:
    forum_id = key.forum.id
    vectors = get_vectors(c, forum_id, "e5", ["d"])
    triages = list(iter_triages(c, forum_id))
    changes = changes_since(c, forum_id, 0)
    return {
        "thread": get_thread(c, forum_id, "t1"),
        "threads": list(iter_threads(c, forum_id)),
        "state": (thread_state(c, forum_id), count_threads(c, forum_id)),
        "counts": (count_texts(c, forum_id), count_vectors(c, forum_id, "e5")),
        "spaces": list_encoders(c, forum_id),
        "encoder": encoder_of(c, forum_id),
        "job": get_job(c, forum_id, JobKind.ENCODE),
        "runs": list_past_jobs(c, forum_id, JobKind.TRAIN),
        "changes": (list(changes.changed), changes.removed),
        "vectors": {digest: vector.tolist() for digest, vector in vectors.items()},
        "known": known_digests(c, forum_id, "e5", ["d"]),
        "cases": (list(iter_cases(c, forum_id)), count_cases(c, forum_id)),
        "account": (get_account(c, forum_id, "acme"), account_of(c, forum_id, "p")),
        "triages": (triages, get_triage(c, forum_id, "r1")),
        "events": list(iter_events(c, forum_id)),
        "measuring": seen_measuring(c, key),
        **posted(c, forum_id),
        **shared_by_many(c, forum_id),
        **grouped(c, forum_id),
        **reviewed(c, forum_id),
        **filed_away(c, forum_id),
        **handed_out(c, forum_id),
        **brought_in(c, forum_id),
        **followed(c, forum_id, "bikes" if key.forum.name == "bikes" else "rowing", key.id),
        "models": (list_models(c, forum_id), get_model(c, forum_id, "v1")),
        "keys": list_keys(c, forum_id),
        "acts": (list(iter_acts(c, forum_id)), broken_act(c, forum_id), last_act(c, forum_id)),
        "visitors": (list_visitor_secrets(c, forum_id), find_visitor_secret(c, forum_id, "vs_1")),
        "shared": (list_boilerplate(c, forum_id), boilerplate_segments(c, forum_id)),
        "doubts": list_doubts(c, forum_id),
        "history": list_history(c, forum_id),
        "votes": (votes_of(c, forum_id, ["t1"]), list_doubted(c, forum_id)),
        "agreed": agreed_since(c, forum_id, ("t1", "1"), NOON - DAY),
        "reviews": reviews_of(c, forum_id, ["t1"]),
        "helped": helped_by(c, forum_id, ["t1"]),
        "proposals": [
            (row.case_id, row.content, row.person, row.state)
            for row in list_proposals(c, forum_id, None)
        ],
        "profile": (profiles_of(c, forum_id, ["p"]), profile_of_id(c, forum_id, "m1")),
        "credits": (credits_of(c, forum_id, ["p"]), companies_of(c, forum_id, ["p"])),
        "taken": name_is_taken(c, forum_id, "bikes", "q"),
        "policies": (
            list_policies(c, forum_id, 9),
            list_policies(c, forum_id, 9, before=2),
            get_policy(c, forum_id, 1),
            policy_in(c, forum_id, PolicyState.ACTIVE),
            list_policy_changes(c, forum_id, 9),
            list_policy_changes(c, forum_id, 9, before=2),
        ),
        "past": (
            list(iter_past_asks(c, forum_id, NOON - DAY, NOON + DAY)),
            list(accounts_by_id(c, forum_id).values()),
            account_ids_by_person(c, forum_id),
        ),
        "decides": active_policy(c, forum_id),
        "sent": count_sent(c, forum_id, NOON - DAY, 9),
        "waited": posted_waits(c, forum_id, NOON - DAY, NOON, 9),
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
        "reports": (
            list(ask_days(c, forum_id)),
            count_stale(c, forum_id),
            closed_periods_of(c, forum_id),
            closed_period(c, forum_id, NOON, NOON + DAY),
            baseline_of(c, forum_id),
        ),
        "reported": (
            list(export_events(c, forum_id, None, None, NOON)),
            list(events_between(c, forum_id, None, None, NOON)),
            held_asks(c, forum_id, ["a1"]),
            [dict(event) for event in told_events(c, forum_id, ["a1"])],
            told_asks(c, forum_id, ["a1"]),
            gone_stale(c, forum_id),
            count_held(c, forum_id),
        ),
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
            *("state", "counts", "spaces", "known", "forgotten", "vouched"),
            *("decides", "sent", "waited", "posted"),
            *("votes", "agreed", "helped", "credits"),
        }


def test_the_sample_reaches_every_table(database: Database, key: ApiKey) -> None:
    with database.write() as c:
        fill(c, key, "bikes")
        for table in METADATA.sorted_tables:
            assert c.execute(table.select()).first() is not None, table.name


CHANGES: list[Callable[[Connection, ApiKey], object]] = [
    lambda c, key: put_ask_day(c, key.forum.id, AskDay("2026-03-02", b"", 0, 0)),
    lambda c, key: forget_stale(c, key.forum.id, some_stale(c, key.forum.id, 9)),
    lambda c, key: drop_ask_days(c, key.forum.id),
    lambda c, key: close_period(c, key.forum.id, replace(closed("x"), until=NOON + 2 * DAY)),
    lambda c, key: replace_baseline(c, key.forum.id, [], "x", NOON),
    lambda c, key: put_vote(c, key.forum.id, ("t1", "1"), "p", None, NOON),
    lambda c, key: put_review(
        c, key.forum.id, ("t1", "1"), Review(StaffWord.OUTDATED, NOON, "new")
    ),
    lambda c, key: put_profile(
        c, key.forum.id, ProfileRow("p", "m2", "new", "new", True, NOON, NOON)
    ),
    lambda c, key: drop_profile(c, key.forum.id, "p"),
    lambda c, key: propose_cases(c, key.forum.id, [Proposable("c1", "new", "p", NOON)], NOON),
    lambda c, key: decide_proposal(
        c,
        key.forum.id,
        list_proposals(c, key.forum.id, ProposalState.OPEN)[0].id,
        ProposalState.REFUSED,
        NOON,
        (ProposalState.OPEN,),
    ),
    lambda c, key: withdraw_proposals(c, key.forum.id),
    lambda c, key: get_proposal(c, key.forum.id, "x"),
    change_follow_ups,
    change_posted,
    change_shared_by_many,
    change_reviewed,
    change_grouped,
    change_filed_away,
    change_handed_out,
    change_brought_in,
    *MEASURING_CHANGES,
    lambda c, key: put_units(c, key.forum.id, "t1", []),
    lambda c, key: delete_thread(c, key.forum.id, "t1", 9),
    lambda c, key: drop_orphan_vectors(c, key.forum.id, None, ["d"]),
    lambda c, key: drop_vectors(c, key.forum.id, "e5"),
    lambda c, key: switch_encoder(c, key.forum.id, "e5", (), "e5-1", "v1"),
    lambda c, key: cancel_job(c, key.forum.id, JobKind.ENCODE, NOON),
    lambda c, key: (
        ask_job(c, key.forum.id, JobKind.TRAIN, {"seed": "new"}, NOON + DAY),
        cancel_job(c, key.forum.id, JobKind.TRAIN, NOON + DAY),
    ),
    lambda c, key: end_job(c, key.forum.id, JobKind.ENCODE, "me", JobState.DONE, NOON),
    lambda c, key: put_cases(c, key.forum.id, [(Case("c1", "new", "new"), "x")]),
    lambda c, key: replace_boilerplate(c, key.forum.id, []),
    lambda c, key: replace_open_doubts(c, key.forum.id, []),
    lambda c, key: set_policy_state(c, key.forum.id, 1, PolicyState.RETIRED),
    lambda c, key: note_simulated(c, key.forum.id, 1, {"said": "new"}),
    lambda c, key: add_policy(c, key.forum.id, "new", "me", NOON),
    lambda c, key: add_policy_change(
        c, key.forum.id, PolicyChange(NOON, PolicyAction.ACTIVATE, 1, "me")
    ),
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


@dataclass(frozen=True)
class Both:
    """A store in which two forums have one of everything; what is seen of the second."""

    content: bytes
    key: ApiKey
    other_key: ApiKey
    seen: dict[str, Any]


@pytest.fixture(scope="module")
def both(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Filling them takes most of a test's time, so that is done once and copied."""
    path = put_store(tmp_path_factory.mktemp("both") / "triage.db", migrated.read_bytes())
    filling = Database(sqlite_url(path))
    with filling.write() as c:
        bikes, boats = (ensure_forum(c, name) for name in ("bikes", "boats"))
    key, other_key = make_key(filling, bikes), make_key(filling, boats)
    with filling.write() as c:
        fill(c, key, "bikes")
        fill(c, other_key, "rowing")
        before = seen(c, other_key)
    filling.close()
    return Both(whole(path), key, other_key, before)


@pytest.mark.parametrize("change", CHANGES)
def test_what_one_forum_changes_the_other_keeps(
    both: Both, url: str, tmp_path: Path, change: Callable[..., object]
) -> None:
    put_store(tmp_path / "triage.db", both.content)
    copied = Database(url)
    with copied.write() as c:
        change(c, both.key)
        assert seen(c, both.other_key) == both.seen
        assert replay(c, both.other_key) == StoredReply(200, "rowing")
    copied.close()


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
