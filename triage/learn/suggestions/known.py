"""What a forum itself knows of right threads: duplicate links, and what askers confirmed.

In: a forum of the store. Out: the questions whose right threads are known, asked of the pipeline:
the evidence that ranker and gate are fitted on.
Not here: fitting (ranking, gating), which version of the space they are asked in (space).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from triage import store
from triage.adapt import Adaptation
from triage.embedding import Progress
from triage.encode import Encoder
from triage.errors import NotEnoughData
from triage.learn.suggestions.judging import NOT_MOVED, Asking, EvaluationSet, judge
from triage.learn.suggestions.ranking import FEWEST_PAIRS, Judged, fit_ranker
from triage.rank import Ranker, load_ranker
from triage.rank.resolution import Resolution, link_of
from triage.records import Judgement, Query, Thread
from triage.text import Boilerplate

# Before the id of an ask, so that it is no thread's.
_ASK = "ask:"
_REFUSED = "refused:"


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A forum's threads, what its askers confirmed, and what it discounts."""

    threads: Sequence[Thread]
    confirmed: Sequence[store.Judged] = ()
    refused: Sequence[store.Judged] = ()
    discounted: Sequence[store.BoilerplateRow] = ()

    @property
    def boilerplate(self) -> Boilerplate:
        """What is discounted, ready for use."""
        return Boilerplate.of((row.kind, row.segment) for row in self.discounted)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A ranker, and by the question's id what it was to be fitted on (too few pairs: nothing)."""

    ranker: Ranker
    judged: Mapping[str, Judged]


def read_known(c: store.Connection, forum_id: int) -> Known:
    """Read what a forum knows."""
    return Known(
        list(store.iter_threads(c, forum_id)),
        list(store.iter_confirmed(c, forum_id)),
        list(store.iter_refused(c, forum_id)),
        store.list_boilerplate(c, forum_id),
    )


def fit_from_pairs(
    known: Known,
    encoder: Encoder | None,
    progress: Progress,
    moved_by: Mapping[str, Adaptation] = NOT_MOVED,
) -> Fitted:
    """Fit the ranker on the forum's own pairs, or keep the cold-start weights.

    A duplicate, as its asker wrote it, is a question whose right threads are known: those that its
    links lead to and that are no duplicates themselves. It is asked without itself alone; other
    duplicates lend their evidence, as in serving. So is a question whose asker said that a
    suggestion settled it; what asks the same as that thread settles it too.
    """
    cold = load_ranker()
    clusters = Resolution.of(link_of(t) for t in known.threads)
    asked = _duplicates(known.threads)
    pairs = _known_right(known, asked, clusters)
    told = f"{len(asked)} duplicates, {len(known.confirmed)} confirmed questions"
    told += f", {len(known.refused)} refused" if known.refused else ""
    if len(pairs.judgements) < FEWEST_PAIRS:
        progress(f"{told}, {FEWEST_PAIRS} pairs needed: cold-start ranker kept")
        return Fitted(cold, {})
    hidden = {t.id: frozenset({t.id}) for t in asked}
    rows = judge(pairs, encoder, cold, Asking(), progress, moved_by, known.discounted, hidden)
    rows = [_parted(j, clusters) for j in rows]
    refused = _refused(known, rows, clusters)
    rows = [j for j in rows if not j.query_id.startswith(_REFUSED)]
    evidence = {j.query_id: replace(j, group=_group(j, clusters)) for j in rows}
    name = told + (", adapted" if moved_by else "")
    try:
        ranker = fit_ranker([*evidence.values()], cold, fitted_on=name, refused=refused)
        return Fitted(ranker, evidence)
    except NotEnoughData as error:
        progress(f"cold-start ranker kept: {error}")
        return Fitted(cold, evidence)


def _duplicates(threads: Sequence[Thread]) -> list[Thread]:
    ids = {t.id for t in threads}
    return [t for t in threads if (t.title or t.body) and ids.intersection(t.duplicate_of) - {t.id}]


def _known_right(known: Known, asked: Sequence[Thread], clusters: Resolution) -> EvaluationSet:
    """Ask the duplicates of a forum; what is no duplicate of their clusters is right."""
    gone = {t.id for t in asked}
    left = {t.id for t in known.threads} - gone
    # A duplicate that was answered itself stands for its original where that has no answer.
    left |= {name for name in gone if (link := clusters.links.get(name)) and link.settles}
    right = {t.id: [i for i in clusters.cluster(t.id) if i in left and i != t.id] for t in asked}
    queries = [Query(t.id, t.title, t.body, t.lang) for t in asked]
    for one in known.confirmed:
        right[_ASK + one.ask_id] = [i for i in clusters.cluster(one.thread_id) if i in left]
        queries.append(Query(_ASK + one.ask_id, one.title, one.body, one.lang))
    # Duplicates of each other alone have no right thread that anybody could name.
    queries = [query for query in queries if right[query.id]]
    denied = {(one.ask_id, one.title, one.body, one.lang) for one in known.refused}
    queries += [
        Query(_REFUSED + ask, title, body, lang) for ask, title, body, lang in sorted(denied)
    ]
    return EvaluationSet(
        known.threads,
        queries,
        [Judgement(asking, name, 1) for asking, names in right.items() for name in names],
    )


def _refused(known: Known, rows: Sequence[Judged], clusters: Resolution) -> list[Judged]:
    """Return the questions that threads did not settle, with those threads as their only hits.

    What asks the same as a thread that did not help does not help either.
    """
    denied: dict[str, set[str]] = {}
    for one in known.refused:
        denied.setdefault(_REFUSED + one.ask_id, set()).update(clusters.cluster(one.thread_id))
    found = []
    for judged in rows:
        wrong = denied.get(judged.query_id, set())
        hits = tuple(hit for hit in judged.hits if hit.thread_id in wrong)
        if hits:
            found.append(replace(judged, hits=hits, right=frozenset()))
    return found


def _parted(judged: Judged, clusters: Resolution) -> Judged:
    """Leave out hits that ask the same and are not known to be right.

    Without the one that is asked, its links may no longer lead from them to what settles them.
    """
    same = {i for name in judged.right for i in clusters.cluster(name)}
    return judged.without(frozenset(same - judged.right)) if same - judged.right else judged


def _group(judged: Judged, clusters: Resolution) -> str:
    """Name the problem that a question is of: its cluster's first thread."""
    return min(clusters.cluster(name)[0] for name in judged.right)
