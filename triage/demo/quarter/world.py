"""How the made-up askers are, and who of them asks what and when. Pure, the same for a seed.

In: a `World`, texts, a seed. Out: persons, and the problems that they have in the quarter.
Not here: what becomes of a problem (lives), rows and events (asking, telling).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from triage.demo.quarter.texts import Planted, Words
from triage.records import LANGUAGES

Random = np.random.Generator
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WEEK = 7
# Monday to Sunday, and the hours of a day at which people work, in the time that is kept (UTC).
_WEEKDAYS = np.array([1.25, 1.15, 1.05, 1.0, 0.85, 0.2, 0.15])
_NIGHT, _EVENING = (0.1, 0.05, 0.05, 0.05, 0.1, 0.4), (0.9, 0.9, 0.7, 0.5, 0.3, 0.2)
_WORK = (1.4, 3.0, 4.0, 4.0, 3.5, 2.5, 3.0, 3.5, 3.0, 2.2, 1.4, 1.0)
_HOURS = np.array([*_NIGHT, *_WORK, *_EVENING])
_LANGUAGES = dict(zip(LANGUAGES, (0.2, 0.22, 0.15, 0.14, 0.12, 0.17), strict=True))


@dataclass(frozen=True, slots=True)
class World:
    """How the askers of a quarter are; shares but where said otherwise.

    Each person has a habit of posting, `posting` on average and `alike` in the problems of one
    person. Of suggestions the first, second and third are `looked` at, one that settles the problem
    is then opened by `opens`, another one by `tempted`, and the first kind `settles` it, but for
    `dead_thread`, which does so for `dead`; `dead_texts`, for which it is the one suggestion, are
    asked `dead_often` times as often.

    Of the settled press `says_so` "solved", of the others `dishonest`; of those `says_no` press
    "not solved". Who neither posts nor is helped `returns` with the same problem. Of the silent
    `surveyed` are asked, and `replies` of them say whether it is settled.

    `growth` is how many times the asks of the first week the last one has, `gap` the planted gap's
    share of all asks, `rising` the planted rising problem's of the last weeks' asks. Beside the
    asks there are so many questions that come from `elsewhere`. Of those to the community
    `answered` are by one of the `helpers`, and `by_staff` by the staff at once.
    """

    name: str = "quarter"
    persons_per_ask: float = 0.5
    holdout: float = 0.2
    swaps: float = 0.3
    posting: float = 0.5
    alike: float = 0.25
    looked: tuple[float, float, float] = (0.95, 0.7, 0.5)
    opens: float = 0.85
    tempted: float = 0.3
    settles: float = 0.65
    dead: float = 0.05
    dead_thread: str = "en-t029"
    dead_texts: tuple[str, ...] = ("en-c028",)
    dead_often: float = 3.0
    says_so: float = 0.5
    dishonest: float = 0.02
    says_no: float = 0.12
    returns: float = 0.1
    returned_posts: float = 0.7
    slow: float = 0.08
    unnamed: float = 0.04
    of_accounts: float = 0.6
    surveyed: float = 0.3
    replies: float = 0.5
    elsewhere: float = 0.05
    helpers: int = 60
    growth: float = 1.3
    gap: float = 0.06
    rising: tuple[float, ...] = (0.01, 0.04, 0.12)
    answered: float = 0.62
    by_staff: float = 0.14
    expert_answers: float = 0.95


SHIPPED = World()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks. `named`: the forum knows who it is; `habit` is how likely they post."""

    number: int
    lang: str
    named: bool
    account: str | None
    habit: float
    new: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person does not know, from the moment at which they begin to ask."""

    number: int
    person: Person
    text: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """The quarter: whole days from `start` to before `end`."""

    start: datetime
    end: datetime

    @property
    def weeks(self) -> int:
        """How many whole weeks it has."""
        return (self.end - self.start).days // _WEEK


@dataclass(frozen=True, slots=True)
class Crowd:
    """The problems that people ask about, and those that they post without asking first."""

    asked: list[Problem]
    elsewhere: list[Problem]

    @property
    def texts(self) -> set[int]:
        """The places of all texts that anybody writes."""
        return {one.text for one in (*self.asked, *self.elsewhere)}


def crowd_of(
    world: World,
    accounts: Sequence[tuple[str, str | None]],
    texts: Sequence[Words],
    asks: int,
    span: Span,
    random: Random,
) -> Crowd:
    """Return everybody who asks or posts in a quarter of so many asks.

    `accounts` have an id and a language.
    """
    people = people_of(world, asks, accounts, random)
    asked, elsewhere = (
        problems_of(world, people, texts, count, span, random)
        for count in (asks, round(world.elsewhere * asks))
    )
    return Crowd(asked, elsewhere)


def people_of(
    world: World, asks: int, accounts: Sequence[tuple[str, str | None]], random: Random
) -> list[Person]:
    """Return the persons of a quarter of so many asks; `accounts` have an id and a language."""
    count = max(1, round(asks * world.persons_per_ask))
    strength = (1 - world.alike) / world.alike
    habit = random.beta(world.posting * strength, (1 - world.posting) * strength, count)
    langs = random.choice(list(_LANGUAGES), count, p=list(_LANGUAGES.values()))
    luck = random.random((3, count))
    found = []
    for number in range(count):
        lang = str(langs[number])
        theirs = [name for name, speaks in accounts if speaks in (lang, None)]
        company = bool(theirs) and luck[0, number] < world.of_accounts
        account = theirs[int(random.integers(len(theirs)))] if company else None
        named = bool(luck[1, number] >= world.unnamed)
        new = bool(luck[2, number] < 0.5)
        found.append(Person(number, lang, named, account, float(habit[number]), new))
    return found


def problems_of(
    world: World,
    people: Sequence[Person],
    texts: Sequence[Words],
    asks: int,
    span: Span,
    random: Random,
) -> list[Problem]:
    """Return the problems of a quarter, in the order in which they are asked."""
    eager = random.gamma(1.3, 1.0, len(people))
    who = random.choice(len(people), asks, p=eager / eager.sum())
    moments = sorted(_moments(world, asks, span, random))
    by_lang = {lang: _Shelf(world, texts, lang, random) for lang in LANGUAGES}
    return [
        Problem(number, people[person], by_lang[people[person].lang].draw(span, at, random), at)
        for number, (person, at) in enumerate(zip(who.tolist(), moments, strict=True))
    ]


def _moments(world: World, asks: int, span: Span, random: Random) -> list[datetime]:
    days = span.weeks * _WEEK
    week = np.arange(days) // _WEEK / max(1, span.weeks - 1)
    weekday = np.array([(span.start + timedelta(days=day)).weekday() for day in range(days)])
    busy = _WEEKDAYS[weekday] * (1 + (world.growth - 1) * week)
    day = random.choice(days, asks, p=busy / busy.sum())
    hour = random.choice(24, asks, p=_HOURS / _HOURS.sum())
    seconds = random.integers(3600, size=asks)
    return [
        span.start + timedelta(days=int(d), hours=int(h), seconds=int(s))
        for d, h, s in zip(day, hour, seconds, strict=True)
    ]


class _Shelf:
    """What people of one language ask, and how often each."""

    def __init__(self, world: World, texts: Sequence[Words], lang: str, random: Random) -> None:
        mine = [place for place, one in enumerate(texts) if one.lang == lang]
        self._world = world
        self._usual = [place for place in mine if texts[place].planted is None]
        self._planted = {
            kind: [place for place in mine if texts[place].planted is kind] for kind in Planted
        }
        rank = random.permutation(len(self._usual))
        # What is asked often was answered by somebody, and what was not is asked by few each.
        answered = np.array([texts[place].right != frozenset() for place in self._usual])
        weight = np.where(answered, (rank + 6.0) ** -0.6, 0.1)
        often = np.array([texts[place].id in world.dead_texts for place in self._usual])
        weight = np.where(often, world.dead_often * weight, weight)
        self._weight: Floats = weight / weight.sum()

    def draw(self, span: Span, at: datetime, random: Random) -> int:
        """Return the place of the text that somebody asks at a moment."""
        luck = random.random()
        left = span.weeks - (at - span.start).days // _WEEK
        ramp = self._world.rising
        rising = ramp[len(ramp) - left] if left <= len(ramp) else 0.0
        if luck < self._world.gap and self._planted[Planted.GAP]:
            return int(random.choice(self._planted[Planted.GAP]))
        if luck < self._world.gap + rising and self._planted[Planted.RISING]:
            return int(random.choice(self._planted[Planted.RISING]))
        return int(random.choice(self._usual, p=self._weight))
