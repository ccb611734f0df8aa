"""Asks that nobody has looked at yet -> which group of one meaning each is in, kept.

In: the asks of a forum with their vectors, how alike they must be. Out: groups in the store, each
with words for it; pages read those and no vectors. Twice at once does no more than once.
Not here: what means the same (insight), which groups are gaps (gaps), whose turn it is (api).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage import store
from triage.insight import Group, Item, Sameness, founded, group_of, nearest_groups, terms_of
from triage.insight.naming import usual_words

# Looked at together: who is alone is compared with many, which is what crowds are known from.
_AT_ONCE = 1000
# Who stays alone is looked at again with those who come within so many weeks, if not too many.
_AGAIN = timedelta(weeks=4)
_MOST_ALONE = 2000
# By so many asks a group is known.
_EXAMPLES = 60
# Of so many asks a language's usual words are counted.
_MOST_TEXTS = 2000


@dataclass(frozen=True, slots=True)
class Grouped:
    """How many asks were looked at, how many of them are in a group, how many groups are new."""

    looked: int = 0
    grouped: int = 0
    founded: int = 0

    def __add__(self, other: "Grouped") -> "Grouped":
        """Count two looks as one."""
        return Grouped(
            self.looked + other.looked,
            self.grouped + other.grouped,
            self.founded + other.founded,
        )


def group_asks(
    database: store.Database, forum_id: int, space: str, sameness: Sameness, now: datetime
) -> Grouped:
    """Group every ask that has a vector of this space and was not looked at; return how many.

    About a second of one core for some thousand asks. What comes meanwhile waits for the next time.
    """
    done, touched = Grouped(), set[str]()
    while True:
        with database.read() as c:
            asks = store.asks_to_group(c, forum_id, space, _AT_ONCE)
            if not asks:
                break
            groups = _standing(c, forum_id, space, sameness)
            since = asks[0].opened_at - _AGAIN
            alone = store.lone_asks(c, forum_id, space, since, _MOST_ALONE)
        found, new = _looked_at(asks, alone, groups, sameness)
        at = {one.ask_id: one.at for one in (*alone, *asks)}
        with database.write() as c:
            store.put_groups(c, forum_id, new, now)
            store.put_group_members(c, forum_id, found, at)
        touched |= {group for group in found.values() if group is not None}
        inside = sum(found[one.ask_id] is not None for one in asks)
        done += Grouped(len(asks), inside, len(new))
    with database.write() as c:
        store.drop_empty_groups(c, forum_id)
    _name(database, forum_id, space, touched)
    return done


def _looked_at(
    asks: Sequence[store.GroupedAsk],
    alone: Sequence[store.GroupedAsk],
    groups: Mapping[str, Group],
    sameness: Sameness,
) -> tuple[dict[str, str | None], list[str]]:
    """Return the group of each ask that is looked at, or None, and the groups that are new."""
    items = [_item(one) for one in asks]
    joined = nearest_groups(items, list(groups.values()), sameness)
    coming = {item.id for item in items}
    rest = [item for item in items if item.id not in joined]
    rest += [_item(one) for one in alone if one.ask_id not in coming]
    made = founded(rest, sameness)
    theirs = {member: one.id for one in made for member in one.members}
    found: dict[str, str | None] = {item.id: joined.get(item.id) for item in items}
    # Whom a new group takes in that was alone is noted anew, the others stay as they are.
    return {**found, **theirs}, [one.id for one in made]


def _standing(
    c: store.Connection, forum_id: int, space: str, sameness: Sameness
) -> dict[str, Group]:
    examples = store.group_examples(c, forum_id, space, _EXAMPLES)
    return {
        group_id: group_of(group_id, [_item(one) for one in asks], sameness)
        for group_id, asks in examples.items()
    }


def _name(database: store.Database, forum_id: int, space: str, touched: set[str]) -> None:
    """Say of each group that asks came to what they have in common."""
    if not touched:
        return
    with database.read() as c:
        examples = store.group_examples(c, forum_id, space, _EXAMPLES)
        latest = sorted((one for asks in examples.values() for one in asks), key=_newest)
        wanted = {one.ask_id for one in latest[:_MOST_TEXTS]}
        wanted |= {one.ask_id for group in touched for one in examples.get(group, ())}
        told = store.get_asked(c, forum_id, wanted)
    usual = {
        lang: [one.said for one in told.values() if (one.lang or "") == lang]
        for lang in {one.lang or "" for one in told.values()}
    }
    counts = {lang: (usual_words(texts), len(texts)) for lang, texts in usual.items()}
    named = {group: _terms(examples.get(group, ()), told, counts) for group in sorted(touched)}
    with database.write() as c:
        for group, terms in named.items():
            store.name_group(c, forum_id, group, terms)


def _terms(
    asks: Sequence[store.GroupedAsk],
    told: Mapping[str, store.Asked],
    usual: Mapping[str, tuple[Mapping[str, int], int]],
) -> tuple[str, ...]:
    """Return words of the language that most of a group's asks are in."""
    there = [one for one in asks if one.ask_id in told]
    langs = Counter(told[one.ask_id].lang or "" for one in there)
    for lang, _ in langs.most_common():
        texts = [
            (_item(one).asker, told[one.ask_id].said)
            for one in there
            if (told[one.ask_id].lang or "") == lang
        ]
        if terms := terms_of(texts, *usual[lang]):
            return terms
    return ()


def _item(one: store.GroupedAsk) -> Item:
    """Return an ask as a point; a visit whose person nobody knows is one of its own."""
    return Item(
        id=one.ask_id,
        vector=one.vector,
        lang=one.lang or "",
        at=one.opened_at.timestamp(),
        product=one.product,
        person=one.person or one.session,
    )


def _newest(one: store.GroupedAsk) -> float:
    return -one.opened_at.timestamp()
