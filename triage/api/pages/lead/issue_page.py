"""/lead/issues/new and /lead/issues/{issue_id}: a known issue in a form, and what would follow.

In: what is kept of it, or what it begins with; what was typed. Out: the page, with what is wrong
said at its field and nothing that was typed lost; whom it would be about, before it is published.
Not here: the fields (issue_typed), keeping it (affected).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response

from triage import affected, store
from triage.analytics.candidates import BETWEEN
from triage.api.editor import editor_of
from triage.api.found import PATIENCE_SECONDS
from triage.api.pages.lead.here import Here, href, lead_page, trouble
from triage.api.pages.lead.issue_typed import (
    Typed,
    typed_asks,
    typed_cluster,
    typed_row,
    with_revision,
)
from triage.api.pages.lead.issues import candidate_rows, state_cell, why_of
from triage.api.problems import PROBLEMS
from triage.errors import BadField, IssueChanged, NoThread, TriageError
from triage.records import LANGUAGES
from triage.store import IssueState, KnownIssueRow
from triage.web.rendering import language_name

TAB = "issues"
_TYPED_BY_MANY = frozenset({"cluster", "candidate"})
_MOST_EXAMPLES = 8
# What a lead reads of an ask to see whether it is about the same.
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an issue of these words would be about: how many, and the last of their asks."""

    told: str
    examples: Sequence[tuple[str, str | None, str]]


def begun(here: Here) -> Typed:
    """Return what a new issue begins with: nothing, or the words of those who ask about it.

    Raises NoCluster.
    """
    given, forum_id = here.request.query_params, here.forum.id
    typed = Typed()
    with here.database().read() as c:
        if cluster := given.get("cluster"):
            typed = typed_cluster(affected.told_cluster(c, forum_id, cluster))
        elif group := given.get("candidate"):
            rows = candidate_rows(here, PATIENCE_SECONDS) or ()
            row = next((one for one in rows if one["group_id"] == group), None)
            if row is not None:
                asks = store.get_asked(c, forum_id, [row["example_ask_id"]])
                products = row["products"].split(BETWEEN) if row["products"] else ()
                typed = typed_asks(asks.values(), products)
    return replace(typed, issue_id=affected.new_issue_id(here.now))


def issue_page(
    here: Here,
    typed: Typed,
    row: KnownIssueRow | None,
    *,
    failed: TriageError | None = None,
    alarm: str = "",
    reach: Reach | None = None,
    reason: str = "",
) -> Response:
    """Answer with the form of an issue; `row` is what is kept of it, None of a new one.

    `alarm` is said of what `failed` where the page's own words say it better; `reason` is why it
    was to be withdrawn.
    """
    status, wrong = 200, ""
    if failed is not None:
        status, wrong = PROBLEMS[failed.code].status, _field_of(failed)
        alarm = alarm or (wrong_of(here, wrong) if wrong else trouble(here, failed))
    if isinstance(failed, IssueChanged) and row is not None:
        typed = with_revision(typed, row.revision)
    place = href(TAB, "new") if row is None else href(TAB, row.issue_id)
    return lead_page(
        here.request,
        here.user,
        TAB,
        "lead/issue",
        status=status,
        alarm=alarm,
        keeps=_TYPED_BY_MANY,
        here=here,
        heading=here.part("new") if row is None else row.title or here.part("no_words"),
        typed=typed,
        row=row,
        wrong=wrong,
        changed=_changed(here, row) if isinstance(failed, IssueChanged) and row else (),
        state=None if row is None else state_cell(here, row.state),
        is_live=row is not None and row.state in store.LIVE,
        may_publish=row is None or row.state not in store.LIVE,
        may_withdraw=row is not None and row.state is not IssueState.WITHDRAWN,
        why=why_of(here, row.evidence) if row is not None else "",
        facts=_facts(here, row) if row is not None else (),
        reach=reach,
        langs=[(code, language_name(code) or code) for code in LANGUAGES],
        action=place,
        reason=reason,
        # The form of a new issue may have led to one that there is by now.
        path=place if row is not None and here.request.url.path != place else None,
        trail=None if row is None else href("audit", object=row.issue_id),
    )


def reach_of(here: Here, typed: Typed, row: KnownIssueRow | None) -> Reach:
    """Return whom an issue of these words would be about. Raises BadField."""
    asks = editor_of(here.caller).reach(typed.written(), here.now, row)
    persons = {ask.person or ask.ask_id for ask in asks}
    last = sorted(asks, key=lambda ask: ask.at, reverse=True)[:_MOST_EXAMPLES]
    with here.database().read() as c:
        words = store.get_asked(c, here.forum.id, [ask.ask_id for ask in last])
    examples = [
        (_short(told.title or told.body), told.lang, here.numbers.share(ask.probability))
        for ask in last
        if (told := words.get(ask.ask_id)) is not None and (told.title or told.body)
    ]
    return Reach(here.counted("lead_issues.reach", len(persons)), examples)


def wrong_of(here: Here, field: str) -> str:
    """Return what is wrong with a field, in words."""
    key = f"lead_issues.wrong_{field}"
    return here.say(key) if here.has(key) else here.part("wrong_other")


def _field_of(error: TriageError) -> str:
    """Return the field of the form that an error is about, if it is about one."""
    if isinstance(error, NoThread):
        return "thread_id"
    return error.field if isinstance(error, BadField) else ""


def _changed(here: Here, row: KnownIssueRow) -> Sequence[tuple[str, str]]:
    """Return how the issue reads that somebody else has kept meanwhile."""
    kept = typed_row(row)
    return [(here.part(f"f_{name}"), said) for name, said in kept.values.items() if said]


def _facts(here: Here, row: KnownIssueRow) -> Sequence[tuple[str, str]]:
    """Return what happened to an issue, and whom it is about."""
    with here.database().read() as c:
        readers = store.Readers(reads_all=True)
        persons = store.count_affected(c, here.forum.id, [row.issue_id], readers)[row.issue_id]
        asks = len(store.affected_asks(c, here.forum.id, row.issue_id))
    moments: Mapping[str, object] = {
        "proposed": row.proposed_at,
        "published": row.published_at,
        "fixed": row.fixed_at,
        "withdrawn": row.withdrawn_at,
    }
    told = [
        (here.part(f"state_{name}"), f"{at:%Y-%m-%d %H:%M} UTC")
        for name, at in moments.items()
        if at is not None
    ]
    counted = here.counted("analytics.persons", persons)
    about = f"{counted}, {here.counted('analytics.asks_n', asks)}"
    return [*told, (here.part("about_it"), about)]


def _short(said: str) -> str:
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
