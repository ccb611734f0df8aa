"""/lead/policy: what decides now, the draft beside it, what it would do, and what happened.

In: how a page speaks, the versions of the forum's policy. Out: values for templates.
Not here: changing anything (routes), the form (policy_fields), a trial's figures (policy_trial).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage import store
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.policy_differences import differing, text_lines
from triage.api.pages.lead.policy_trial import trial_shown
from triage.api.pages.lead.policy_words import severity_said
from triage.policies.drafting import Policies
from triage.policies.drafting import Shown as ShownPolicy
from triage.policies.in_force import of_row
from triage.policy import Policy, read_policy, write_policy
from triage.store import PolicyChange, PolicyRow, PolicyState

PAGE = 20
DAYS = (7, 30, 90, 180, 365)
USUAL_DAYS = 30
_MARKS = {
    PolicyState.ACTIVE: "good",
    PolicyState.DRAFT: "soon",
    PolicyState.RETIRED: "plain",
    PolicyState.DISCARDED: "plain",
}


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version in a list; `back` says that it decided before and may again."""

    version: int
    href: str
    state: str
    mark: str
    made_at: datetime
    by: str
    tried: bool
    back: bool


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One thing that happened."""

    at: datetime
    said: str
    by: str
    reason: str | None
    href: str


def policies_of(here: Here) -> Policies:
    """Return the versions of the forum's policy, for whoever looks."""
    return Policies(here.database(), here.forum.id, here.caller.actor)


def overview(here: Here, before: int | None = None) -> Mapping[str, Any]:
    """Return what the page shows. Raises PolicyRefused where what decides cannot be read."""
    policies = policies_of(here)
    shown = policies.show()
    live = read_policy(shown.toml)
    with policies.database.read() as c:
        versions = store.list_policies(c, policies.forum_id, PAGE)
        changes = store.list_policy_changes(c, policies.forum_id, PAGE + 1, before)
    draft = shown.draft
    return {
        "live": version_said(here, shown.active, shown.version),
        "live_version": shown.version,
        "live_href": href("policy", "versions", shown.version),
        "facts": facts(here, live),
        "draft": None if draft is None else draft_shown(here, draft, live, shown),
        "versions": [_version(here, row) for row in versions],
        "changes": [_change(here, one) for one in changes[:PAGE]],
        "older": href("policy", before=str(changes[PAGE - 1].position))
        if len(changes) > PAGE
        else None,
        "newest": href("policy") if before is not None else None,
        "days": DAYS,
    }


def draft_shown(here: Here, row: PolicyRow, live: Policy, shown: ShownPolicy) -> Mapping[str, Any]:
    """Return what the page shows of the draft, or of another version that is looked at."""
    trial = row.simulated
    return {
        "version": row.version,
        "href": href("policy", "versions", str(row.version)),
        "made_at": row.made_at,
        "by": row.by,
        "differing": differing(here, live, of_row(row).policy),
        "trial": None if trial is None else trial_shown(here, trial, shown.version),
        "days": round(trial["days"]) if trial else USUAL_DAYS,
    }


def one_version(here: Here, version: int) -> Mapping[str, Any]:
    """Return what the page of one version shows. Raises NoPolicy and PolicyRefused."""
    policies = policies_of(here)
    row, shown = policies.find(version), policies.show()
    found = draft_shown(here, row, read_policy(shown.toml), shown)
    with policies.database.read() as c:
        reasons = store.list_policy_changes(c, policies.forum_id, PAGE, None)
    return {
        **found,
        "row": _version(here, row),
        "live_version": shown.version,
        "is_live": row.state is PolicyState.ACTIVE,
        "is_draft": row.state is PolicyState.DRAFT,
        "changes": [_change(here, one) for one in reasons if one.version == version],
        "facts": facts(here, of_row(row).policy),
        "all_days": DAYS,
        "text_lines": text_lines(shown.toml, row.toml),
        "lines": row.toml.rstrip("\n").split("\n"),
        "edit_href": href("policy", "edit", **{"from": str(version)}),
        "text_href": href("policy", "text", **{"from": str(version)}),
    }


def default_version(here: Here) -> Mapping[str, Any]:
    """Return what the page of the default shows: what decides where nobody ever activated any."""
    toml = write_policy(Policy())
    return {"lines": toml.rstrip("\n").split("\n"), "facts": facts(here, Policy())}


def facts(here: Here, policy: Policy) -> list[tuple[str, str]]:
    """Return the few lines by which a lead knows a policy again."""
    numbers, part = here.numbers, here.part
    hours = part("always_open")
    if policy.hours is not None:
        hours = f"{', '.join(map(str, policy.hours.open))} ({policy.hours.time_zone})"
    moving = part("cut_stays")
    if policy.moving.moves:
        ends = (numbers.points(-policy.moving.most_down), numbers.points(policy.moving.most_up))
        moving = part("cut_moves", down=ends[0], up=ends[1])
    return [
        (part("fact_cut"), part("from_probability", share=numbers.share(policy.costs.cut()))),
        (part("fact_severity"), severity_said(here, len(policy.severe))),
        (part("fact_moving"), moving),
        (part("fact_hours"), hours),
        (part("fact_shown"), numbers.count(policy.most_shown)),
        (part("fact_rules"), numbers.count(len(policy.rules))),
    ]


def version_said(here: Here, row: PolicyRow | None, version: str) -> str:
    """Return which version decides, in a sentence."""
    if row is None:
        return here.part("default_decides")
    return here.part("version_decides", version=version, by=row.by)


def version_name(here: Here, version: str) -> str:
    """Return what a version is called in a sentence."""
    return here.part("version_n", version=version) if version.isdigit() else here.part("default")


def _version(here: Here, row: PolicyRow) -> VersionShown:
    return VersionShown(
        row.version,
        href("policy", "versions", str(row.version)),
        here.part(f"state_{row.state}"),
        _MARKS[row.state],
        row.made_at,
        row.by,
        row.simulated is not None,
        row.state is PolicyState.RETIRED,
    )


def _change(here: Here, one: PolicyChange) -> ChangeShown:
    key = f"change_{one.action}" if one.former is None else f"change_{one.action}_instead"
    said = here.part(key, version=one.version, former=one.former or "")
    to = href("policy", "versions", str(one.version))
    return ChangeShown(one.at, said, one.by, one.reason, to)
