"""Askers whose truth is known: a month of a forum's events, as the service would log them.

In: a `World` (how people are) and a seed. Out: rows of the event contract, and what is true of
them. The same seed gives the same month.
Not here: measuring (triage.outcomes), judging the measures (deflection_proof).

A person has a problem and, left alone, posts it with a probability of his own. A suggestion
settles it for some who would have posted and for some who would not. Of those whom it settles some
say so, of the others some say so too. Who is not helped may come back with the same problem. Of
those who fell silent a random sample is asked after two days whether it is settled, and some reply.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from triage.records import LANGUAGES

Row = Mapping[str, Any]
Random = np.random.Generator
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

START = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
DAY = 86_400.0
_TRUTH_PROBLEMS = 1_000_000


@dataclass(frozen=True, slots=True)
class World:
    """How the askers of a month are; shares but where said otherwise.

    `settles` is of those who are offered something and would post, `helps` of those who are
    offered something and would not. `says_so` of the settled press "solved", `dishonest` of the
    unsettled do, `says_no` of the unsettled press "not solved". `alike` is the correlation of two
    problems of one person. Of the silent `surveyed` are asked, and reply with those shares.
    With `unequal` half of the persons post so much more and the others so much less often, and
    their shares of the holdout differ as much, as where a lead sets them by language.
    """

    name: str
    persons: int = 300
    problems_each: float = 1.6
    days: float = 30.0
    holdout: float = 0.2
    posting: float = 0.4
    alike: float = 0.2
    offered: float = 0.7
    settles: float = 0.4
    helps: float = 0.3
    says_so: float = 0.5
    dishonest: float = 0.0
    says_no: float = 0.1
    returns: float = 0.0
    returned_posts: float = 0.8
    slow: float = 0.1
    unnamed: float = 0.05
    replayed: float = 0.05
    bots: int = 2
    clock_minutes: float = 2.0
    surveyed: float = 0.4
    replies_if_settled: float = 0.5
    replies_if_not: float = 0.5
    unequal: float = 0.0


@dataclass(frozen=True, slots=True)
class Lives:
    """What becomes of problems, whether anybody measures it or not; days after the ask."""

    offered: Flags
    settled: Flags
    posts_after: Floats
    returns_after: Floats
    return_posts_after: Floats

    @property
    def ends_in_post(self) -> Floats:
        """After how many days the problem is posted, at once or on coming back."""
        later = self.returns_after + self.return_posts_after
        return np.minimum(self.posts_after, later)


@dataclass(frozen=True, slots=True)
class Month:
    """The rows of a month, the share of offered asks that were really settled, and which were."""

    rows: list[Row]
    really_settled: float
    settled: Mapping[str, bool]


def true_lift(world: World) -> tuple[Floats, Floats]:
    """Return the true lift as a step function: days after the ask, and the lift by then.

    Both lives of a million problems, each once with suggestions and once without.
    """
    random = np.random.default_rng(0)
    would = random.random(_TRUTH_PROBLEMS) < world.posting
    ends = []
    for treated in (False, True):
        same = np.random.default_rng(1)
        arm = np.full(_TRUTH_PROBLEMS, treated)
        ends.append(np.sort(_lives(world, would, arm, same).ends_in_post))
    days = np.linspace(0, world.days, 3001)
    shares = [np.searchsorted(end, days, side="right") / _TRUTH_PROBLEMS for end in ends]
    return days, shares[0] - shares[1]


def month_of(world: World, seed: int) -> Month:
    """Return one month of the world's events, shuffled, with replays, bots and unnamed askers."""
    # Worlds do not share their luck: one odd draw must not speak in all of them.
    random = np.random.default_rng([seed, crc32(world.name.encode())])
    # Beta with this concentration makes two problems of a person as alike as wanted.
    strength = (1 - world.alike) / world.alike
    uneven = 1 + world.unequal * np.where(np.arange(world.persons) % 2, 1, -1)
    posting, holdout = world.posting * uneven, world.holdout * uneven
    habit = random.beta(posting * strength, (1 - posting) * strength)
    each = random.geometric(1 / world.problems_each, world.persons)
    who = np.repeat(np.arange(world.persons), each)
    treated = (random.random(world.persons) >= holdout)[who]
    lives = _lives(world, random.random(len(who)) < habit[who], treated, random)
    start = START + random.random(len(who)) * world.days * DAY
    lang = random.choice(LANGUAGES, world.persons)[who]
    unnamed = (random.random(world.persons) < world.unnamed)[who]
    rows: list[Row] = []
    for place in range(len(who)):
        asker = f"s{who[place]}" if unnamed[place] else f"p{who[place]}"
        ask: dict[str, Any] = {
            "user": None if unnamed[place] else asker,
            "session": f"visit-{asker}",
            "lang": str(lang[place]),
            "arm": "treatment" if treated[place] else "holdout",
            "offered": bool(lives.offered[place]),
        }
        if world.unequal:
            ask["share"] = float(holdout[who[place]])
        rows.extend(_told(world, lives, place, f"a{place}", ask, start[place], random))
    rows.extend(_bots(world, random))
    end = START + world.days * DAY
    rows = [row for row in rows if _seconds(row) <= end]
    seen = lives.offered & treated
    settled = {f"a{place}": bool(found) for place, found in enumerate(lives.settled)}
    delivered = _delivered(world, rows, random)
    asked = _surveyed(
        world,
        rows,
        settled,
        np.random.default_rng([seed, crc32(b"survey of " + world.name.encode())]),
    )
    share = float(np.mean(lives.settled[seen]))
    return Month([*delivered, *(row for row in asked if _seconds(row) <= end)], share, settled)


def _lives(world: World, would_post: Flags, treated: Flags, random: Random) -> Lives:
    n = len(would_post)
    offered = treated & (random.random(n) < world.offered)
    luck = random.random(n)
    settled = offered & (luck < np.where(would_post, world.settles, world.helps))
    posts = would_post & ~settled
    quick = random.lognormal(np.log(5 / 1440), 1.0, n)
    slow = random.exponential(2.0, n)
    after = np.where(random.random(n) < world.slow, slow, quick)
    comes_back = ~posts & ~settled & (random.random(n) < world.returns)
    back = random.exponential(3.0, n)
    then_posts = random.random(n) < world.returned_posts
    return Lives(
        offered,
        settled,
        np.where(posts, after, np.inf),
        np.where(comes_back, back, np.inf),
        np.where(then_posts, quick, np.inf),
    )


def _told(
    world: World,
    lives: Lives,
    place: int,
    ask_id: str,
    ask: Row,
    start: float,
    random: Random,
) -> Iterator[Row]:
    """Give the events of one problem."""
    yield _row(f"{ask_id}-asked", "asked", ask_id, start, ask)
    who = {"user": ask["user"], "session": ask["session"]}
    skew = random.normal(0, world.clock_minutes * 60)
    chance = random.random(3)
    posts = float(lives.posts_after[place])
    if lives.offered[place]:
        yield _row(f"{ask_id}-shown", "shown", ask_id, start + 1 + skew, {**who, "rank": 1})
        word = _word(world, bool(lives.settled[place]), chance)
        if word is not None:
            at = start + min(60.0, posts * DAY / 2) + skew
            yield _row(f"{ask_id}-word", word, ask_id, at, {**who, "thread_id": "t1"})
    if np.isfinite(posts):
        yield _row(f"{ask_id}-posted", "posted", ask_id, start + posts * DAY + skew, who)
    back = float(lives.returns_after[place])
    if np.isfinite(back):
        again, at = f"{ask_id}-again", start + back * DAY
        # Coming back, nobody is helped by what did not help before.
        yield _row(f"{again}-asked", "asked", again, at, {**ask, "return_of": ask_id})
        then = float(lives.return_posts_after[place])
        if np.isfinite(then):
            yield _row(f"{again}-posted", "posted", again, at + then * DAY + skew, who)


def _word(world: World, settled: bool, chance: Floats) -> str | None:
    if settled:
        return "solved" if chance[0] < world.says_so else None
    if chance[1] < world.dishonest:
        return "solved"
    return "not_solved" if chance[2] < world.says_no else None


def _bots(world: World, random: Random) -> Iterator[Row]:
    """Give what programs ask: some say that they are programs, some are only too fast."""
    for bot in range(world.bots):
        start = START + random.random() * world.days * DAY
        for number in range(40):
            ask_id = f"bot{bot}-{number}"
            ask = {
                "user": f"bot{bot}",
                "session": f"bot{bot}",
                "bot": bot % 2 == 0,
                "arm": "treatment",
                "offered": True,
            }
            yield _row(f"{ask_id}-asked", "asked", ask_id, start + number, ask)


def _surveyed(
    world: World, rows: list[Row], settled: Mapping[str, bool], random: Random
) -> Iterator[Row]:
    """Give the events of the survey: who is silent after two days is drawn, invited, and may reply.

    What somebody says to it is true; whether somebody says anything may depend on it.
    """
    first = {row["ask_id"]: row for row in rows if row["type"] == "asked"}
    # With a clock that runs behind, an ask's post may be of this month and the ask of the next.
    loud = {
        row["ask_id"]
        for row in rows
        if row["type"] in ("posted", "solved", "not_solved")
        and row["ask_id"] in first
        and _seconds(row) <= _seconds(first[row["ask_id"]]) + 2 * DAY
    }
    back = {row["return_of"] for row in first.values() if "return_of" in row}
    for ask_id, ask in first.items():
        silent = ask_id not in loud | back and ask_id in settled
        if not silent or not ask["offered"] or ask["arm"] != "treatment":
            continue
        luck = random.random(3)
        if luck[0] >= world.surveyed:
            continue
        who = {"user": ask["user"], "session": ask["session"], "probability": world.surveyed}
        at = _seconds(ask) + 2 * DAY
        yield _row(f"{ask_id}-invited", "survey_reply", ask_id, at, who)
        likely = world.replies_if_settled if settled[ask_id] else world.replies_if_not
        if luck[1] < likely:
            said = {**who, "value": "yes" if settled[ask_id] else "no"}
            yield _row(f"{ask_id}-said", "survey_reply", ask_id, at + luck[2] * DAY, said)


def _delivered(world: World, rows: list[Row], random: Random) -> list[Row]:
    """Return the rows as they arrive: in no order, some again, some with another clock."""
    again = [row for row in rows if random.random() < world.replayed]
    restamped = [
        _row(row["event_id"], row["type"], row["ask_id"], _seconds(row) + 30, row)
        for row in again[::2]
        if row["type"] != "asked" and _seconds(row) + 30 <= START + world.days * DAY
    ]
    everything = rows + again + restamped
    return [everything[place] for place in random.permutation(len(everything))]


def _row(event_id: str, kind: str, ask_id: str, at: float, more: Row) -> Row:
    return {
        **more,
        "event_id": event_id,
        "type": kind,
        "triage_id": f"t-{ask_id}",
        "ask_id": ask_id,
        "occurred_at": datetime.fromtimestamp(at, UTC).isoformat(),
    }


def _seconds(row: Row) -> float:
    return datetime.fromisoformat(row["occurred_at"]).timestamp()
