"""Links between threads -> which one thread stands for all that ask the same.

In: for each thread the little that decides this (`Link`). Out: per thread its cluster, and for an
asker the cluster's canonical thread, which settles the question; evidence folded onto it.
A thread that is a duplicate of another, or superseded by it, is in one cluster with it; chains
collapse, cycles and ids that nobody knows do nothing. Threads that no link touches are not held:
they stand for themselves, and `decide` knows whether they settle anything.
Not here: reading links (store), finding evidence (retrieve), what is shown (decide).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from triage.records import Hit, Thread
from triage.versions import in_range

_COSINES = ("similarity_title", "similarity_question", "similarity_answer")
# What a thread lends to the one that stands for it, the highest of each, and what is its own.
LENT = (*_COSINES, "words", "grams", "identifiers")
OWN = ("thread_id", "answer_id", "passage", "quality")


@dataclass(frozen=True, slots=True)
class Link:
    """What a thread says of others, and what tells whether it may stand for them.

    `votes` are those of its best answer (see link_of); `outdated_votes` those of the thread and of
    that answer.
    """

    thread_id: str
    duplicate_of: tuple[str, ...] = ()
    superseded_by: str | None = None
    solved: bool = False
    has_answers: bool = False
    groups: frozenset[str] = frozenset()
    verified: bool = False
    outdated_votes: int = 0
    votes: int = 0
    lang: str | None = None
    valid_versions: str | None = None

    @property
    def points_at(self) -> frozenset[str]:
        """The other threads that it names, whether or not they exist."""
        named = {*self.duplicate_of, self.superseded_by} - {self.thread_id, None}
        return frozenset(name for name in named if name is not None)

    @property
    def settles(self) -> bool:
        """Whether it may be offered as a solution at all: what `decide` asks of a thread."""
        return self.solved and self.has_answers and self.superseded_by is None

    def readable(self, groups: Collection[str]) -> bool:
        """Whether somebody of these groups may read it."""
        return not self.groups or not self.groups.isdisjoint(groups)


@dataclass(frozen=True, slots=True)
class Folded:
    """One hit per cluster, and which threads lent their evidence to which hit's thread."""

    hits: list[Hit]
    lenders: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The clusters of a forum's linked threads. A value: following a change makes another one."""

    links: Mapping[str, Link] = field(default_factory=dict)
    # Who points at an id; an id that no thread bears yet is remembered for when one does.
    pointing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cluster_of: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, links: Iterable[Link]) -> "Resolution":
        """Make the clusters; of two links of one thread the last counts."""
        return cls().changed(links)

    def changed(self, links: Iterable[Link], removed: Iterable[str] = ()) -> "Resolution":
        """Return the clusters after threads were put and removed; itself when nothing differs.

        `links` must hold every thread that was put and, where one points at a thread that exists,
        that thread as well. Only the clusters that a change touches are made anew.
        """
        given = {link.thread_id: link for link in links}
        differ = {i: link for i, link in given.items() if self.links.get(i) != link}
        gone = {i for i in removed if i not in given and i in self.links}
        pointing = _repointed(self, differ, gone)
        put = {i: k for i, k in differ.items() if i in self.links or k.points_at or i in pointing}
        if not put and not gone:
            return self
        known = {**self.links, **put}
        touched = gone | {i for i, k in put.items() if _points(self.links.get(i)) != k.points_at}
        touched |= {i for i in put if i not in self.links}
        touched |= {name for i in touched for name in _points(self.links.get(i))}
        for thread_id in touched:
            linked = thread_id in pointing or _points(known.get(thread_id))
            if thread_id in gone or not linked:
                known.pop(thread_id, None)
        if not touched:
            return Resolution(known, pointing, self.cluster_of, self.members)
        return _regrouped(self, known, pointing, touched)

    def cluster(self, thread_id: str) -> tuple[str, ...]:
        """Return the threads that ask the same, this one among them, by id."""
        return self.members.get(self.cluster_of.get(thread_id, ""), (thread_id,))

    def canonical(
        self, thread_id: str, groups: Collection[str], lang: str | None, version: str | None = None
    ) -> str | None:
        """Return the thread of the cluster to offer to somebody of these groups.

        It is solved, answered, not superseded and readable. None when the cluster has none, and
        for a thread that no link touches. See `_standing` for which one of several.
        """
        offered = [k for k in self._linked(thread_id) if k.settles and k.readable(groups)]
        if not offered:
            return None
        ranges = {k.valid_versions for k in offered if k.valid_versions} if version else ()
        unfit = {valid for valid in ranges if in_range(version or "", valid) is False}
        return min(offered, key=lambda k: self._standing(k, lang, unfit)).thread_id

    def representative(
        self, thread_id: str, groups: Collection[str], lang: str | None
    ) -> str | None:
        """Return the thread to follow while the cluster has nothing that settles the question."""
        waiting = [
            link
            for link in self._linked(thread_id)
            if link.superseded_by is None and link.readable(groups)
        ]
        if not waiting:
            return None
        return min(waiting, key=lambda k: (k.solved, *self._standing(k, lang, ()))).thread_id

    def _linked(self, thread_id: str) -> Iterator[Link]:
        members = self.members.get(self.cluster_of.get(thread_id, ""), ())
        return (self.links[i] for i in members)

    def _standing(
        self, link: Link, lang: str | None, unfit: Collection[str]
    ) -> tuple[bool, bool, bool, int, int, bool, int, str]:
        """Return what orders the threads of a cluster, the one to show lowest.

        A thread for other versions than the asker's is wrong for them, whoever vouched for it.
        Then come what people said on purpose, staff's check before the moderators' links: the end
        of a chain of links before its middle, and of several ends the one most linked to. Then the
        doubts of readers; then comfort, the asker's language; then votes, which mostly tell age.
        The id at last, so that everyone is shown the same thread.
        """
        others = self.pointing.get(link.thread_id, frozenset())
        return (
            link.valid_versions in unfit,
            not link.verified,
            any(i in self.links for i in link.points_at),
            -len(others),
            link.outdated_votes,
            lang is None or link.lang != lang,
            -link.votes,
            link.thread_id,
        )


def link_of(thread: Thread) -> Link:
    """Return the link of a thread that is at hand whole.

    Its best answer is the accepted one, else one by staff, else the one with most votes after
    those are taken off that call it outdated; of equal ones the first.
    """
    best = max(
        thread.answers,
        key=lambda a: (a.accepted, a.staff, a.votes - a.outdated_votes),
        default=None,
    )
    return Link(
        thread.id,
        thread.duplicate_of,
        thread.superseded_by,
        thread.solved,
        best is not None,
        thread.groups,
        thread.verified_by is not None,
        thread.outdated_votes + (best.outdated_votes if best else 0),
        best.votes if best else 0,
        thread.lang,
        thread.valid_versions,
    )


def fold(
    hits: Sequence[Hit],
    resolution: Resolution,
    groups: Collection[str],
    lang: str | None,
    version: str | None = None,
) -> Folded:
    """Keep one hit per cluster, in the order of the first: that of the thread to show for it.

    The canonical thread takes the best evidence of every hit of its cluster, whether it was found
    itself or not; while nothing settles a cluster's question, the thread to follow does. The
    answer named is the one found in that very thread, if any. Left out are hits that the asker may
    not read, and a superseded thread for which nothing else can stand.
    """
    shown: dict[str, str | None] = {}
    gathered: dict[str, list[Hit]] = {}
    for hit in hits:
        link = resolution.links.get(hit.thread_id)
        if link is None:
            gathered.setdefault(hit.thread_id, []).append(hit)
        elif link.readable(groups):
            cluster = resolution.cluster_of[hit.thread_id]
            if cluster not in shown:
                settled = resolution.canonical(cluster, groups, lang, version)
                shown[cluster] = settled or resolution.representative(cluster, groups, lang)
            chosen = shown[cluster]
            if chosen is not None:
                gathered.setdefault(chosen, []).append(hit)
    lenders = {
        thread_id: tuple(dict.fromkeys(h.thread_id for h in lent if h.thread_id != thread_id))
        for thread_id, lent in gathered.items()
    }
    folded = [_lend(thread_id, lent) for thread_id, lent in gathered.items()]
    return Folded(folded, {name: others for name, others in lenders.items() if others})


def _lend(thread_id: str, hits: Sequence[Hit]) -> Hit:
    """Return the thread's hit with the best of everybody's evidence; None is no evidence."""
    own = next((h for h in hits if h.thread_id == thread_id), Hit(thread_id))
    known = {name: [v for h in hits if (v := getattr(h, name)) is not None] for name in LENT}
    return replace(own, **{name: max(values) for name, values in known.items() if values})


def _points(link: Link | None) -> frozenset[str]:
    return link.points_at if link is not None else frozenset()


def _repointed(
    before: Resolution, put: Mapping[str, Link], gone: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Return who points at whom once threads are put and gone; a copy only where that differs."""
    pointing: dict[str, frozenset[str]] | None = None
    for thread_id in (*put, *gone):
        old, new = _points(before.links.get(thread_id)), _points(put.get(thread_id))
        for name in old ^ new:
            pointing = dict(before.pointing) if pointing is None else pointing
            others = pointing.get(name, frozenset()) ^ {thread_id}
            pointing[name] = others
            if not others:
                del pointing[name]
    return before.pointing if pointing is None else pointing


def _regrouped(
    before: Resolution,
    known: Mapping[str, Link],
    pointing: Mapping[str, frozenset[str]],
    touched: Collection[str],
) -> Resolution:
    """Make the clusters anew that hold a touched thread, or come to; the others stay.

    A link that came or went has both its ends in what is flooded here: all that was in a cluster
    with a touched thread, and all that is now connected with any of those.
    """
    left = set(touched)
    for old in {before.cluster_of[i] for i in touched if i in before.cluster_of}:
        left.update(before.members[old])
    # Copied whole and then changed in few places, which is far quicker than picking what stays.
    cluster_of, members = dict(before.cluster_of), dict(before.members)
    made: dict[str, tuple[str, ...]] = {}
    while left:
        start = left.pop()
        found = _connected(start, known, pointing) if start in known else set()
        for thread_id in found | {start}:
            members.pop(cluster_of.pop(thread_id, ""), None)
        if found:
            made[min(found)] = tuple(sorted(found))
            left -= found
    for cluster, each in made.items():
        cluster_of.update(dict.fromkeys(each, cluster))
    return Resolution(known, pointing, cluster_of, {**members, **made})


def _connected(
    start: str, known: Mapping[str, Link], pointing: Mapping[str, frozenset[str]]
) -> set[str]:
    """Return every thread that links lead to from one, in whichever direction."""
    found, border = {start}, [start]
    while border:
        here = border.pop()
        for name in (*known[here].points_at, *pointing.get(here, ())):
            if name in known and name not in found:
                found.add(name)
                border.append(name)
    return found
