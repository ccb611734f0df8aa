"""/lead/audit: who did what when, and how it was before and after; newest first.

In: a page's frame, what its address asks for. Out: values of the template. An administrator reads
every act; a lead reads of what leads may do, which the query itself sees to.
Not here: which acts those are (audit.kinds), the log (store), exporting it (routes.audit).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from triage import store
from triage.api.pages.lead.here import Here, href
from triage.api.problems import FieldProblem, bad_request
from triage.audit.kinds import OF_LEADS, ActKind, kind_of, subjects_of
from triage.records import ActorKind, Role
from triage.store import ActsWanted, AuditRow

Values = Mapping[str, Any]
KEPT = frozenset({"kind", "actor", "object", "from", "to", "below"})
PAGE = 50
# Among so many acts it is looked for who acts at all.
_NEWEST = 5_000
_LONGEST = 200
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(9990, 1, 1)
_To = Callable[[str], str]
# Where what an act is about can be looked at, by the first word of the act's name.
_PLACES: Mapping[str, _To] = {
    "question": lambda what: href("questions", what),
    "model": lambda what: href("models", what),
    "policy": lambda _: href("policy"),
    "train": lambda _: href("training"),
    "known_issue": lambda _: href("issues"),
    "burst": lambda _: href("issues"),
    "cluster": lambda _: href("issues"),
    "drift": lambda _: href("drift"),
    "review": lambda _: href("review"),
    "case": lambda _: href("review"),
    "proposal": lambda _: href("review"),
    "delivery": lambda _: href("deliveries"),
    "deliveries": lambda what: href("deliveries", channel=what),
    "gap": lambda _: "/analytics/gaps",
    "report": lambda _: "/analytics/definitions",
    "holdout": lambda _: "/analytics",
}


@dataclass(frozen=True, slots=True)
class ActShown:
    """One act as people read it; `facts` are name, before, after."""

    number: int
    at: datetime
    said: str
    name: str
    kind: str
    object: str
    path: str | None
    same: str
    actor: str
    actor_kind: str
    facts: Sequence[tuple[str, str, str]]
    digest: str


def audit_values(here: Here) -> Values:
    """Return what the tab of the audit trail shows. Raises Problem for what there is not."""
    given = {name: here.request.query_params.get(name, "").strip() for name in KEPT}
    sees_all = here.caller.role is Role.ADMIN
    kinds = tuple(ActKind) if sees_all else OF_LEADS
    wanted, below = _wanted(given, kinds, sees_all=sees_all), _below(given["below"])
    forum_id = here.forum.id
    with here.database().read() as c:
        rows = store.list_acts(c, forum_id, wanted, below=below, limit=PAGE + 1)
        everybody = ActsWanted(wanted.subjects if not given["kind"] else _all(sees_all))
        actors = store.actors_among(c, forum_id, everybody, _NEWEST)
        checked = _checked(here, c) if here.request.query_params.get("check") else None
    asked = {name: value for name, value in given.items() if value and name != "below"}
    more = str(rows[PAGE - 1].number) if len(rows) > PAGE else None
    return {
        "here": here,
        "acts": [_act(here, row) for row in rows[:PAGE]],
        "days": (given["from"], given["to"]),
        "fields": _fields(here, given, kinds, actors),
        "narrowed": bool(asked),
        "sees_all": sees_all,
        "checked": checked,
        "check_path": href("audit", **asked, check="1"),
        "before": href("audit", **asked) if below is not None else None,
        "after": None if more is None else href("audit", **asked, below=more),
    }


def _all(sees_all: bool) -> tuple[str, ...] | None:
    """Return the first words of all acts that somebody may read; None for every act."""
    return None if sees_all else subjects_of(OF_LEADS)


def _wanted(given: Mapping[str, str], kinds: tuple[ActKind, ...], *, sees_all: bool) -> ActsWanted:
    subjects = _all(sees_all)
    if given["kind"]:
        if given["kind"] not in kinds:
            raise bad_request([FieldProblem("kind", f"is none of {', '.join(kinds)}")])
        subjects = subjects_of((ActKind(given["kind"]),))
    until = _day("to", given["to"])
    return ActsWanted(
        subjects=subjects,
        actor=given["actor"] or None,
        object=given["object"] or None,
        since=_day("from", given["from"]),
        until=None if until is None else until + timedelta(days=1),
    )


def _checked(here: Here, c: store.Connection) -> tuple[bool, str]:
    """Say whether the digests of all acts hold, and of how many."""
    last, broken = store.last_act(c, here.forum.id), store.broken_act(c, here.forum.id)
    if broken is None:
        return True, here.counted("lead_audit.whole", last)
    return False, here.part("broken", n=here.numbers.count(broken))


def _act(here: Here, row: AuditRow) -> ActShown:
    act = row.act
    place = _PLACES.get(act.act.partition(".")[0])
    kind = kind_of(act.act)
    return ActShown(
        row.number,
        act.at,
        here.act(act.act),
        act.act,
        here.part("kind_other") if kind is None else here.part(f"kind_{kind}"),
        act.object,
        place(act.object) if place and act.object else None,
        href("audit", object=act.object),
        act.actor.name,
        "" if act.actor.kind is ActorKind.USER else here.part(f"by_{act.actor.kind}"),
        _facts(act.before or {}, act.after or {}),
        row.digest,
    )


def _facts(before: Mapping[str, object], after: Mapping[str, object]) -> list[tuple[str, str, str]]:
    names = dict.fromkeys((*before, *after))
    return [
        (name.replace("_", " "), _said(before.get(name)), _said(after.get(name))) for name in names
    ]


def _said(value: object) -> str:
    """Return a fact of an act as it is read: names and numbers, and what is nested with commas."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        said = ", ".join(f"{name}: {_said(one)}" for name, one in value.items())
    elif isinstance(value, list | tuple):
        said = ", ".join(_said(one) for one in value)
    else:
        said = str(value)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _fields(
    here: Here, given: Mapping[str, str], kinds: Sequence[ActKind], actors: Sequence[str]
) -> list[tuple[str, str, str, list[tuple[str, str]] | None]]:
    named = sorted({*actors, *([given["actor"]] if given["actor"] else [])})
    return [
        (
            "kind",
            here.part("by_what"),
            given["kind"],
            [(kind.value, here.part(f"kind_{kind}")) for kind in kinds],
        ),
        ("actor", here.part("by_whom"), given["actor"], [(one, one) for one in named]),
        ("object", here.part("by_object"), given["object"], None),
    ]


def _day(name: str, given: str) -> datetime | None:
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise bad_request([FieldProblem(name, "is no day, such as 2026-03-02")]) from error
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise bad_request([FieldProblem(name, "is too long ago, or too far ahead")])
    return datetime.combine(day, time(), UTC)


def _below(given: str) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        raise bad_request([FieldProblem("below", "is no number of an act")])
    return int(given)
