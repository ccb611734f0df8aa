"""/lead/issues: what is known to be broken, what may be, who asks the same, what was put aside.

In: a lead or an administrator. Out: proposals and published issues, rising groups that look like
one fault, clusters of open questions, bursts of events: each with what can be done about it.
Not here: one issue (issue_page), finding any of it (affected, analytics, store.bursts).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from triage import affected, store
from triage.analytics.charting import RowMap
from triage.analytics.context import Context
from triage.analytics.filters import Filters
from triage.analytics.tables import TABLES, table_rows
from triage.analytics.viewing import view_of
from triage.api.found import FEW, PATIENCE_SECONDS
from triage.api.pages.lead.here import Here, href
from triage.api.pages.showing import Cell
from triage.reports.values import Row
from triage.store import BurstState, IssueState

_MOST = 50
_MOST_CLUSTERS, _MOST_SETTLED = 20, 10
_RECENT = timedelta(weeks=13)
STATE_TONES = {
    IssueState.PROPOSED: "soon",
    IssueState.PUBLISHED: "bad",
    IssueState.FIXED: "good",
    IssueState.WITHDRAWN: "plain",
}
BURST_TONES = {
    BurstState.OPEN: "soon",
    BurstState.COUNTED: "good",
    BurstState.LEFT_OUT: "plain",
}


@dataclass(frozen=True, slots=True)
class IssueShown:
    """One issue in a list. `why` is what a proposal rests on."""

    issue_id: str
    href: str
    title: str
    lang: str | None
    state: Cell
    facts: Sequence[str]
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CandidateShown:
    """A group of asks that rises and looks like one fault."""

    group_id: str
    terms: str
    why: str
    facts: Sequence[str]
    asks_href: str
    issue_href: str
    new_href: str


@dataclass(frozen=True, slots=True)
class MemberShown:
    """One question of a cluster."""

    question_id: str
    title: str
    lang: str | None
    state: str
    href: str


@dataclass(frozen=True, slots=True)
class ClusterShown:
    """Open questions that mean the same."""

    cluster_id: str
    title: str
    about: str
    members: Sequence[MemberShown]
    issue_href: str
    new_href: str


@dataclass(frozen=True, slots=True)
class BurstShown:
    """More events of one person than a person makes; who it is, is not said."""

    burst_id: str
    title: str
    state: Cell
    first_at: datetime
    last_at: datetime
    held: Sequence[str]
    is_open: bool
    may_count: bool
    decided_at: datetime | None


def issues(here: Here) -> Mapping[str, Any]:
    """Return what the page shows."""
    with here.database().read() as c:
        rows = store.list_issues(c, here.forum.id)
        shown = _issues(here, c, rows)
        largest, many = affected.largest_clusters(c, here.forum.id, _MOST_CLUSTERS)
        clusters = [_cluster(here, c, one) for one in largest]
        bursts = _bursts(here, c)
    by_state = {state: [one for one, s in shown if s is state] for state in IssueState}
    return {
        "proposals": by_state[IssueState.PROPOSED],
        "live": [one for one, state in shown if state in store.LIVE],
        "withdrawn": by_state[IssueState.WITHDRAWN][:_MOST],
        "candidates": _candidates(here),
        "clusters": clusters,
        "more_clusters": many - len(clusters),
        "bursts": [one for one in bursts if one.is_open],
        "settled": [one for one in bursts if not one.is_open],
    }


def state_cell(here: Here, state: IssueState) -> Cell:
    """Return how far an issue is, as a badge."""
    return Cell(here.say(f"lead_issues.state_{state}"), mark=STATE_TONES[state])


def why_of(here: Here, evidence: Mapping[str, Any] | None) -> str:
    """Return what a proposal rests on; nothing where somebody wrote it."""
    if not evidence:
        return ""
    numbers = here.numbers
    return here.say(
        "lead_issues.why",
        persons=here.counted("analytics.persons", int(evidence["persons"])),
        minutes=here.counted("lead_issues.minutes", max(1, round(float(evidence["minutes"])))),
        expected=numbers.number(float(evidence["expected"])),
        chance=numbers.chance(float(evidence["p_value"])),
        langs=", ".join(here.name_of("lang", one) for one in evidence.get("langs", ())),
    )


def candidate_rows(here: Here, patience: float) -> list[RowMap] | None:
    """Return the groups that rise and look like one fault, found at most every few minutes.

    None while they are being found, for longer than so many seconds.
    """
    names = [column.name for column in TABLES["issue_candidates"].columns]

    def find() -> tuple[Row, ...]:
        database, now = here.database(), here.now
        with here.installation.reporting:
            view = view_of(database, here.forum.id, Filters(), now)
        with database.read() as c:
            context = Context(database, c, here.forum.id, view, now)
            return tuple(table_rows(context, "issue_candidates"))

    of = here.forum.id, here.now.date()
    found = here.installation.found.candidates.get(of, find, patience)
    return None if found is None else [dict(zip(names, row, strict=True)) for row in found.value]


def _issues(
    here: Here, c: store.Connection, rows: Sequence[store.KnownIssueRow]
) -> list[tuple[IssueShown, IssueState]]:
    readers = store.Readers(reads_all=True)
    counts = store.count_affected(c, here.forum.id, [row.issue_id for row in rows], readers)
    return [(_issue(here, row, counts[row.issue_id]), row.state) for row in rows]


def _issue(here: Here, row: store.KnownIssueRow, persons: int) -> IssueShown:
    facts = [here.say("lead_issues.affects", persons=here.counted("analytics.persons", persons))]
    if row.products:
        facts.append(here.say("lead_issues.of_products", names=", ".join(sorted(row.products))))
    if row.versions:
        facts.append(here.say("lead_issues.of_versions", versions=row.versions))
    if row.groups:
        facts.append(here.say("lead_issues.of_groups", names=", ".join(sorted(row.groups))))
    if row.fixed_in:
        facts.append(here.say("lead_issues.is_fixed_in", version=row.fixed_in))
    return IssueShown(
        issue_id=row.issue_id,
        href=href("issues", row.issue_id),
        title=row.title or here.say("lead_issues.no_words"),
        lang=row.lang if row.title else None,
        state=state_cell(here, row.state),
        facts=facts,
        why=why_of(here, row.evidence),
        at=row.withdrawn_at or row.fixed_at or row.published_at or row.proposed_at,
    )


def _candidates(here: Here) -> list[CandidateShown] | None:
    """Return what may be a fault, None while that is being found; few asks are looked at now."""
    since = here.now - _RECENT
    with here.database().read() as c:
        few = store.count_sent(c, here.forum.id, since, FEW + 1, include_simulated=True) <= FEW
    rows = candidate_rows(here, PATIENCE_SECONDS if few else 0.0)
    return None if rows is None else [_candidate(here, row) for row in rows[:_MOST]]


def _candidate(here: Here, row: RowMap) -> CandidateShown:
    numbers, issue = here.numbers, row["known_issue_id"]
    facts = [here.say("lead_issues.bugs", share=numbers.share(row["bug_share"]))]
    if row["codes"]:
        facts.append(here.say("lead_issues.codes", names=row["codes"]))
    if row["products"]:
        facts.append(here.say("lead_issues.of_products", names=row["products"]))
    days = {"from": row["first_day"].isoformat(), "to": row["last_day"].isoformat()}
    return CandidateShown(
        group_id=row["group_id"],
        terms=row["terms"] or here.say("analytics.no_terms"),
        why=here.say(
            "lead_issues.rises",
            persons=here.counted("analytics.persons", row["persons"]),
            expected=numbers.number(row["expected"], 1),
            chance=numbers.chance(row["q_value"]),
        ),
        facts=facts,
        asks_href=f"/analytics/asks?{urlencode({**days, 'behind': row['behind']})}",
        issue_href=href("issues", issue) if issue else "",
        new_href=href("issues", "new", candidate=row["group_id"]),
    )


def _cluster(here: Here, c: store.Connection, one: affected.ClusterTold) -> ClusterShown:
    asks = [row.ask_id for row in one.rows if row.ask_id is not None]
    issue = next(iter(store.issues_of_asks(c, here.forum.id, asks).values()), None)
    members = [_member(here, row) for row in one.rows]
    return ClusterShown(
        cluster_id=one.cluster_id,
        title=members[0].title,
        about=here.say(
            "lead_issues.cluster",
            questions=here.counted("lead_issues.questions", len(members)),
            open=here.numbers.count(one.open),
            persons=here.counted("analytics.persons", one.persons),
        ),
        members=members,
        issue_href=href("issues", issue) if issue else "",
        new_href=href("issues", "new", cluster=one.cluster_id),
    )


def _member(here: Here, row: store.QuestionRow) -> MemberShown:
    title = str(row.question.get("title") or row.question.get("body") or "")
    state = f"lead_issues.question_{row.state}"
    return MemberShown(
        question_id=row.question_id,
        title=title[:200] or here.say("lead_issues.no_words"),
        lang=row.lang if title else None,
        state=here.say(state) if here.has(state) else str(row.state),
        href=href("questions", row.question_id),
    )


def _bursts(here: Here, c: store.Connection) -> list[BurstShown]:
    rows = store.list_bursts(c, here.forum.id, state=BurstState.OPEN, limit=_MOST)
    for state in (BurstState.LEFT_OUT, BurstState.COUNTED):
        rows += store.list_bursts(c, here.forum.id, state=state, limit=_MOST_SETTLED)
    return [_burst(here, row, store.burst_contents(c, here.forum.id, row.id)) for row in rows]


def _burst(here: Here, row: store.BurstRow, held: Sequence[tuple[str, int, int]]) -> BurstShown:
    who = "somebody" if row.person is not None else "session"
    return BurstShown(
        burst_id=row.id,
        title=here.say(
            f"lead_issues.burst_{who}", events=here.counted("lead_issues.events", row.events)
        ),
        state=Cell(here.say(f"lead_issues.burst_{row.state}"), mark=BURST_TONES[row.state]),
        first_at=row.first_at,
        last_at=row.last_at,
        held=[_held(here, *one) for one in held],
        is_open=row.state is BurstState.OPEN,
        may_count=row.state is not BurstState.COUNTED,
        decided_at=row.decided_at,
    )


def _held(here: Here, kind: str, events: int, threads: int) -> str:
    key = f"lead_review.event_{kind}"
    name, many = here.say(key) if here.has(key) else kind, here.numbers.count(events)
    if not threads:
        return f"{name}: {many}"
    said = here.counted("lead_issues.threads", threads)
    return here.say("lead_issues.held", kind=name, n=many, threads=said)
