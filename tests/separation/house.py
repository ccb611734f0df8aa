"""One server with two forums, everybody who may call it, and things that can be called for."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import httpx2
from starlette.testclient import TestClient

from tests.api.conftest import World
from tests.bundles import ANNA, ENCODER, published
from tests.forum import INSTALLATION_KEY
from tests.handing import give_up
from triage.answers.proposing import propose
from triage.api import create_app
from triage.api.errands.background import Background
from triage.api.errands.delivering import Delivering
from triage.api.errands.filing import Filing
from triage.api.pages.sessions import FORGERY_HEADER, _forgery_token
from triage.crypto.passwords import hash_password
from triage.records import ApiKey, Case, Forum, JobKind, Role, WebUser
from triage.registry import Registry, activate
from triage.settings import Settings
from triage.store import (
    Connection,
    Database,
    DriftAlert,
    FollowUpRow,
    Means,
    Notice,
    NoticeKind,
    ReviewDraw,
    ReviewReason,
    ReviewRow,
    ReviewSubject,
    add_drift_alert,
    add_review_draw,
    add_user,
    cancel_job,
    create_key,
    ensure_forum,
    get_forum,
    list_channels,
    list_proposals,
    make_link,
    open_session,
    password_hash_of,
    put_cases,
    put_clusters,
    put_follow_up,
    put_group_members,
    put_groups,
    revoke_key,
    set_password,
    set_wants,
    tell,
)
from triage.text import digest
from triage.visitors import create_secret, sign_visitor

from .making import Call, Making

PASSWORD = "correct horse battery staple"
_TURNED = {"part": "inputs", "measure": "words", "slice": "all", "since": "2026-03-02"}


@dataclass(frozen=True)
class Caller:
    """What somebody brings: headers, and what the forms of their pages hold.

    `by` is what the table of access is asked about; None is nobody.
    """

    by: ApiKey | WebUser | None
    headers: Mapping[str, str] = field(default_factory=dict)
    forgery_token: str = ""


@dataclass
class House:
    """A started server and everybody who may call it."""

    world: World
    callers: dict[str, Caller]
    versions: tuple[str, str]
    numbers: Any = field(default_factory=count)
    erasures: list[str] = field(default_factory=list)
    bursts: list[str] = field(default_factory=list)

    @property
    def client(self) -> TestClient:
        return self.world.client

    def send(self, call: Call, caller: str = "admin") -> httpx2.Response:
        """Send a call as somebody."""
        who = self.callers[caller]
        self.client.cookies.clear()
        headers = {**who.headers, **call.headers}
        if call.form is None:
            return self.client.request(
                call.method, call.path, headers=headers, json=call.json, follow_redirects=False
            )
        # From a page of ours, as far as a browser can tell.
        headers |= {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
        form = {**call.form, "forgery_token": who.forgery_token}
        return self.client.request(
            call.method, call.path, headers=headers, data=form, follow_redirects=False
        )

    def known(self) -> Making:
        """Make all that a call may need: a thread, a triage, a link, versions, no run under way."""
        return self.making().all_made()

    def making(self) -> Making:
        """Return what a call may need, each of it made when it is first named."""
        with self.world.database.write() as c:
            for forum_id in (get_forum(c, name).id for name in ("bikes", "boats")):
                # Nobody trains here: who follows a run that waits would wait for ever.
                cancel_job(c, forum_id, JobKind.TRAIN, datetime.now(UTC))
                # What earlier calls were about is kept as it is, but told no more: telling all of
                # them of every question took longer than everything else.
                for channel in list_channels(c, forum_id):
                    if channel.wants:
                        set_wants(c, forum_id, channel.channel_id, frozenset())
        return Making(self, next(self.numbers))

    def question_id(self, n: int) -> str:
        """Post a question that is bad enough for an alert; return its id."""
        body = {
            "title": f"My saddle {n} fell off",
            "body": "On the road. Write to asker@customer.example",
            "user": "asker-77",
            "customer_severity": 1,
        }
        posted = self.send(Call("POST", "/v1/questions", json=body), "frontend")
        assert posted.status_code == 200, posted.text
        question_id: str = posted.json()["question_id"]
        return question_id

    def dead_id(self, channel_id: str) -> str:
        """Have a message given up on its way through a channel; return the message's id."""
        with self.world.database.write() as c:
            return give_up(c, self.world.forum().id, channel_id, datetime.now(UTC))

    def cluster_id(self, n: int, question_id: str) -> str:
        """Have a question stand with another."""
        forum, other = self.world.forum(), self.question_id(n + 100_000)
        with self.world.database.write() as c:
            both = {f"cluster-{n}": (question_id, other)}
            put_clusters(c, forum.id, both, datetime.now(UTC))
        return f"cluster-{n}"

    def gap_id(self, n: int, ask_id: str) -> str:
        """Have an ask be in a group, as if others had asked the same."""
        forum, now = self.world.forum(), datetime.now(UTC)
        with self.world.database.write() as c:
            put_groups(c, forum.id, [f"group-{n}"], now)
            put_group_members(c, forum.id, {ask_id: f"group-{n}"}, {ask_id: now})
        return f"group-{n}"

    def drift_alert_id(self) -> str:
        """Have something drift, as if the server had found it."""
        now, alert_id = datetime.now(UTC), f"msg_{next(self.numbers)}"
        with self.world.database.write() as c:
            alert = DriftAlert(
                alert_id=alert_id, at=now, model_version="m", receivers=0, drifted=[_TURNED]
            )
            add_drift_alert(c, self.world.forum().id, alert)
        return alert_id

    def review_id(self, question_id: str) -> str:
        """Put a question into the review queue, each time on a day of its own."""
        forum_id, now = self.world.forum().id, datetime.now(UTC)
        day = date(2000, 1, 1) + timedelta(days=next(self.numbers))
        row = ReviewRow(
            id=f"r_{day.toordinal()}",
            subject=ReviewSubject.QUESTION,
            subject_id=question_id,
            reason=ReviewReason.UNCERTAIN,
            targets=("kind", "topic"),
            drawn_on=day,
            drawn_at=now,
            place=0,
            model_version=None,
            said={},
            evidence={},
            question_id=question_id,
        )
        draw = ReviewDraw(day, now, now, now, 1, 0, 1, None)
        with self.world.database.write() as c:
            add_review_draw(c, forum_id, draw, [row])
        return row.id

    def notice_id(self, question_id: str) -> str:
        """Tell the asker of a question something."""
        forum, now = self.world.forum(), datetime.now(UTC)
        person = self.world.client.app.state.installation.hasher(forum)("asker-77")  # type: ignore[attr-defined]
        notice = Notice(person=person, kind=NoticeKind.SAME_ANSWER, subject=question_id, at=now)
        with self.world.database.write() as c:
            tell(c, forum.id, [notice])
        return notice.notice_id

    def follow_up_id(self, ask_id: str) -> str:
        """Have an ask as if drawn to be asked once more: it goes on for as long as its asker."""
        forum, now = self.world.forum(), datetime.now(UTC)
        drawn = f"follow-{ask_id}"
        end = now + timedelta(days=1)
        with self.world.database.write() as c:
            row = FollowUpRow(ask_id, drawn, "suggestions", True, 1.0, now, end)
            put_follow_up(c, forum.id, row)
        return drawn

    def link(self) -> str:
        """Return a token that signs somebody in once."""
        forum, now = self.world.forum(), datetime.now(UTC)
        with self.world.database.write() as c:
            user = password_hash_of(c, forum.id, "link@bikes.example")
            assert user is not None
            return make_link(c, forum.id, user[0].id, now, now + timedelta(minutes=5))

    def proposal_id(self, n: int) -> str:
        """Keep a case that an expert answered; return what is proposed of it."""
        case = Case(
            f"case-{n}",
            f"The bell {n} is silent",
            "It was loud.",
            answer=f"Turn it by {n} degrees.",
            destination="expert",
        )
        forum_id, now = self.world.forum().id, datetime.now(UTC)
        with self.world.database.write() as c:
            put_cases(c, forum_id, [(case, digest(case.text))])
            propose(c, forum_id, [case], now)
            rows = list_proposals(c, forum_id, None, limit=1000)
        return next(row.id for row in rows if row.case_id == case.id)

    def burst_id(self, told: Mapping[str, str]) -> str:
        """Have somebody do more than a person does, once."""
        if not self.bursts:
            one = {
                "type": "opened",
                "triage_id": told["triage_id"],
                "ask_id": told["ask_id"],
                "occurred_at": datetime.now(UTC).isoformat(),
            }
            events = [{**one, "event_id": f"burst-{n}"} for n in range(51)]
            self.send(Call("POST", "/v1/events", json={"events": events}), "frontend")
            found = self.send(Call("GET", "/v1/event-bursts")).json()["bursts"]
            self.bursts.append(found[0]["id"])
        return self.bursts[0]

    def erasure_id(self) -> str:
        """Have somebody erased once, who never was there."""
        if not self.erasures:
            call = Call("POST", "/v1/erasures", json={"user": "nobody-1"})
            self.erasures.append(self.send(call).json()["erasure_id"])
        return self.erasures[0]

    def sign_in_again(self) -> None:
        """Open new sessions for all who are signed in: some calls end them."""
        now = datetime.now(UTC)
        with self.world.database.write() as c:
            for name, caller in self.callers.items():
                if isinstance(caller.by, WebUser):
                    self.callers[name] = _signed_in(c, caller.by, now, now + timedelta(days=1))

    def go_through_versions(self) -> None:
        """Have a version live before the live one, so that there is a way back."""
        settings = self.world.settings
        registry = Registry(self.world.database, "bikes", settings.models_dir, settings.signer)
        for version in self.versions:
            activate(registry, version, ENCODER, by=ANNA)


@contextmanager
def opened_house(folder: Path, migrated: Path) -> Iterator[House]:
    """Open a house in a folder, with a copy of an empty store."""
    settings = Settings(
        data_dir=folder,
        database_url="",
        models_dir=folder / "models",
        encoder="hashing",
        reencode="manual",
        installation_key=INSTALLATION_KEY,
    )
    shutil.copy(migrated, folder / "triage.db")
    database = Database(settings.store_url)
    with database.write() as c:
        for name in ("bikes", "boats"):
            ensure_forum(c, name)
    try:
        # A process beside the server would train on next to nothing, again and again.
        with (
            mock.patch.object(Background, "start"),
            # Nobody is at the other end of any channel.
            mock.patch.object(Delivering, "start"),
            mock.patch.object(Filing, "start"),
            TestClient(create_app(settings)) as client,
        ):
            yield make_house(World(client, database, settings, {}))
    finally:
        database.close()


def make_house(world: World) -> House:
    """Fill a started server."""
    # How often somebody may call is not what is asked here.
    world.client.app.state.installation.rates._allowed.clear()  # type: ignore[attr-defined]
    settings, forum, now = world.settings, world.forum(), datetime.now(UTC)
    registry = Registry(world.database, "bikes", settings.models_dir, settings.signer)
    versions = tuple(published(registry, number=n, live=True).version for n in range(2))
    callers = {"nobody": Caller(None), "unknown": Caller(None, _bearer("sk_of_nobody"))}
    with world.database.write() as c:
        for role in Role:
            callers[role.value] = _key(c, forum, role, now)
            callers[f"page_{role.value}"] = _page(c, forum, role.value, role, now)
        callers["publishable"] = _key(c, forum, Role.FRONTEND, now, publishable=True)
        callers["foreign"] = _key(c, world.forum("boats"), Role.ADMIN, now)
        callers["page_foreign"] = _page(c, world.forum("boats"), "admin", Role.ADMIN, now)
        revoked = _key(c, forum, Role.ADMIN, now)
        assert isinstance(revoked.by, ApiKey)
        revoke_key(c, forum.id, revoked.by.prefix, now)
        callers["revoked"] = Caller(None, revoked.headers)
        past = now - timedelta(hours=2)
        expired = _key(c, forum, Role.ADMIN, past, expires_at=now - timedelta(hours=1))
        callers["expired"] = Caller(None, expired.headers)
        ended = _page(c, forum, "ended", Role.ADMIN, past, lasts=timedelta(hours=1))
        callers["page_ended"] = Caller(None, ended.headers, ended.forgery_token)
        _page(c, forum, "link", Role.ANALYST, now)
        secret = create_secret(c, forum, settings.person_key, "site", now)
    token = sign_visitor(*secret, "bikes", user="visitor-5", groups=["partners"], at=now)
    browser = callers["publishable"]
    callers["visitor"] = Caller(browser.by, {**browser.headers, "Triage-Visitor": token})
    return House(world, callers, (versions[0], versions[1]))


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _key(c: Connection, forum: Forum, role: Role, at: datetime, **more: Any) -> Caller:  # noqa: ANN401
    how = {"publishable": False, "test": False, **more}
    secret, key = create_key(c, forum.id, name=role.value, role=role, at=at, **how)
    return Caller(key, _bearer(secret))


def _page(
    c: Connection,
    forum: Forum,
    name: str,
    role: Role,
    at: datetime,
    lasts: timedelta = timedelta(days=1),
) -> Caller:
    email = f"{name}@{forum.name}.example"
    row = add_user(c, forum.id, email=email, name=name, role=role, at=at)
    set_password(c, forum.id, row.id, _hashed())
    found = password_hash_of(c, forum.id, email)
    assert found is not None
    return _signed_in(c, found[0], at, at + lasts)


def _signed_in(c: Connection, user: WebUser, at: datetime, until: datetime) -> Caller:
    token = open_session(c, user, Means.LINK, at, until)
    forgery = _forgery_token(token)
    headers = {"Cookie": f"triage={token}", FORGERY_HEADER: forgery}
    return Caller(user, {**headers, "Sec-Fetch-Site": "same-origin"}, forgery)


_HASHED: list[str] = []


def _hashed() -> str:
    # Hashing is slow on purpose.
    if not _HASHED:
        _HASHED.append(hash_password(PASSWORD))
    return _HASHED[0]
