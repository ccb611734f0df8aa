"""A forum with the trained sample -> the same with a simulated quarter in it, once; or without it.

In: the store, the parts that replies are made with, a wish (how many asks, which seed, how long).
Out: what was made, with what is true of it. All of it is written in one transaction, so that there
is a whole quarter or none.
Not here: how people are (world), what becomes of them (lives), single rows (asking, answering).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from triage import store
from triage.affected import sameness_of
from triage.analytics.grouping import group_asks
from triage.audit.acting import Acting
from triage.connect import Reading, read_accounts
from triage.demo.quarter.answering import Answering
from triage.demo.quarter.asking import Setting
from triage.demo.quarter.hearing import Heard, hear
from triage.demo.quarter.peopling import Peopled, people_quarter
from triage.demo.quarter.texts import Planted, words_of
from triage.demo.quarter.world import SHIPPED, Span, World, crowd_of
from triage.embedding import Progress, space_of
from triage.encode import TextRole
from triage.errors import BadField
from triage.pipeline import Parts
from triage.questions import rules_of
from triage.records import Account, Mode

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which quarter is wanted. `anyway`: also into a forum that people have asked."""

    asks: int = 3000
    seed: int = 1
    weeks: int = 13
    anyway: bool = False
    world: World = SHIPPED


@dataclass(frozen=True, slots=True)
class Makers:
    """What a quarter is made with.

    `opened` gives the parts that replies are made with and the version of their index.
    """

    database: store.Database
    acting: Acting
    opened: Callable[[], tuple[Parts, str]]
    sample: Path


@dataclass(frozen=True, slots=True)
class Made:
    """What is in a quarter, and what is true of it; `fresh`: it was not there before.

    `true_lift` is None where it was there: it is known while it is made, and kept nowhere.
    """

    fresh: bool
    asks: int
    persons: int = 0
    questions: int = 0
    events: int = 0
    true_lift: float | None = None
    gap_asks: int = 0
    rising_asks: int = 0
    dead_thread: str | None = None
    first_day: str | None = None
    last_day: str | None = None


def make_quarter(
    makers: Makers, wanted: Wanted, now: datetime, progress: Progress = lambda told: None
) -> Made:
    """Put a simulated quarter into a forum that has none; it ends with the day before `now`.

    Raises BadField where people have asked already, unless that is wanted.
    """
    database, forum_id = makers.database, makers.acting.forum_id
    with database.read() as c:
        there, real = store.count_simulated(c, forum_id), store.count_real(c, forum_id)
        rules = rules_of(c, forum_id)
    if there:
        return Made(False, there)
    if real and not wanted.anyway:
        problem = f"has {real} asks of people, beside which made-up ones would count (`--anyway`)"
        raise BadField("forum", problem)
    end = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    span = Span(end - wanted.weeks * _WEEK, end)
    parts, index_version = makers.opened()
    random, words = np.random.default_rng(wanted.seed), words_of(makers.sample)
    accounts = _accounts(makers.sample)
    speaks = [(one.id, _speaks(one)) for one in accounts.values()]
    crowd = crowd_of(wanted.world, speaks, words, wanted.asks, span, random)
    heard = hear(database, forum_id, parts, words, crowd.texts, progress)
    space = space_of(parts.encoder, TextRole.QUERY) if parts.encoder is not None else None
    setting = Setting(
        world=wanted.world,
        name=f"{wanted.world.name}-{wanted.seed}",
        model_version=parts.version,
        index_version=index_version,
        mode=Mode.HYBRID if space is not None else Mode.LEXICAL,
    )
    answering = Answering(wanted.world, rules, end)
    made = people_quarter(setting, crowd, heard, accounts, answering, random)
    progress(f"writing {len(made.rows.asks)} asks and {len(made.rows.events)} events")
    with database.write() as c:
        if store.has_simulated(c, forum_id):
            return Made(False, store.count_simulated(c, forum_id))
        store.put_simulated(c, forum_id, made.rows, space)
        told = {"asks": len(made.rows.asks), "seed": wanted.seed, "weeks": wanted.weeks}
        makers.acting.note(c, "demo.quarter", "quarter", after=told)
    if parts.encoder is not None:
        group_asks(database, forum_id, str(space), sameness_of(parts.encoder), now)
    return _told(wanted.world, made, heard, span)


def remove_quarter(database: store.Database, acting: Acting) -> dict[str, int]:
    """Take all that is simulated out of a forum; return how many rows of each table there were."""
    with database.write() as c:
        gone = store.drop_simulated(c, acting.forum_id)
        acting.note(c, "demo.quarter_remove", "quarter", before=gone)
    return gone


def _accounts(sample: Path) -> dict[str, Account]:
    path = sample / "accounts.jsonl"
    return {one.id: one for one in read_accounts(path, Reading(path, strict=True))}


def _speaks(account: Account) -> str | None:
    team = account.expert_team
    return None if team is None else team.rpartition("-")[2]


def _told(world: World, made: Peopled, heard: Mapping[int, Heard], span: Span) -> Made:
    planted = [heard[place].words.planted for place in made.texts]
    return Made(
        fresh=True,
        asks=len(made.rows.asks),
        persons=len({one.person for one in made.rows.asks if one.person is not None}),
        questions=len(made.rows.questions),
        events=len(made.rows.events),
        true_lift=round(made.true_lift, 4),
        gap_asks=planted.count(Planted.GAP),
        rising_asks=planted.count(Planted.RISING),
        dead_thread=world.dead_thread,
        first_day=span.start.date().isoformat(),
        last_day=(span.end - timedelta(days=1)).date().isoformat(),
    )
