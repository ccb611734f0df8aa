"""The versions of the model as a list: what each is worth, which is live, what became of them.

In: what the page stands on, the forum's versions. Out: the values of the page.
Not here: one version (model), two of them (models_compared), changing which is live (routes).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage import registry, store
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.model_naming import head_of, moment, tone_of, verdict_of
from triage.api.pages.showing import Cell, Head, Shown
from triage.errors import NoVersion
from triage.registry import Registry, Version
from triage.store import HistoryRow

TAB = "models"
# What each version is told by in one line; the page of a version has the other heads.
_HEADS = ("topic", "kind", "severity", "destination")
_MOST_HISTORY = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """Which version is live, which one a rollback goes to, and what this server answers with."""

    live: Version | None
    former: Version | None
    since: HistoryRow | None
    refused: str | None
    answers: str | None


def list_values(here: Here, versions: Registry) -> Mapping[str, Any]:
    """Return the values of the page of all versions."""
    found = registry.list_versions(versions)
    with here.database().read() as c:
        history = store.list_history(c, here.forum.id)
        metrics = {row.version: row.metrics for row in store.list_models(c, here.forum.id)}
    return {
        "standing": standing(here, found, history),
        "versions": found,
        "shown": _table(here, found, metrics),
        "history": history_table(here, history),
        "pair": _usual_pair(found),
        "href": href,
        "named": lambda version: choice_of(here, version),
    }


def gone_values(here: Here, versions: Registry, version: str) -> Mapping[str, Any]:
    """Return the values of the page of a version whose files cannot be read. Raises NoVersion."""
    found = registry.list_versions(versions)
    one = next((one for one in found if one.version == version), None)
    if one is None:
        raise NoVersion(version, versions.forum)
    with here.database().read() as c:
        history = store.list_history(c, here.forum.id)
        metrics = {row.version: row.metrics for row in store.list_models(c, here.forum.id)}
    about = [row for row in history if version in (row.version, row.former)]
    return {
        "version": one,
        "shown": _table(here, [one], metrics),
        "history": history_table(here, about),
        "href": href,
    }


def standing(here: Here, found: Sequence[Version], history: Sequence[HistoryRow]) -> Standing:
    """Return what is live, and whether this server could open it."""
    live = next((one for one in found if one.live), None)
    former = next((one for one in found if one.former), None)
    since = next(
        (row for row in reversed(history) if live and _made_live(row) == live.version), None
    )
    state = here.caller.desk.state()
    return Standing(live, former, since, state["model_refused"], state["model_version"])


def history_table(here: Here, history: Sequence[HistoryRow]) -> Shown:
    """Return what happened to versions, newest first."""
    rows = tuple(
        (
            Cell(moment(row.at)),
            Cell(here.say(f"act.model_{row.action}") if _worded(here, row) else row.action),
            Cell(row.version, href=href(TAB, row.version)),
            Cell(row.by),
            Cell(row.reason or "–"),
        )
        for row in [*reversed(history)][:_MOST_HISTORY]
    )
    names = ("at", "act", "version", "by", "reason")
    heads = tuple(Head(name, here.part(f"col_{name}")) for name in names)
    more = max(0, len(history) - _MOST_HISTORY)
    return Shown("history", here.part("history"), heads, rows, more)


def choice_of(here: Here, version: Version) -> str:
    """Return how a version is named among others: its name, and what it is just now."""
    if version.live:
        return f"{version.version} ({here.part('live')})"
    if version.former:
        return f"{version.version} ({here.part('former')})"
    return version.version


def state_cell(here: Here, version: Version) -> Cell:
    """Return what a version is just now, as a badge."""
    if version.trouble:
        return Cell(here.part("cannot_open"), mark="bad")
    if version.live:
        return Cell(here.part("live"), mark="good")
    if version.former:
        return Cell(here.part("former"), mark="plain")
    return Cell(here.part("kept"))


def _table(here: Here, found: Sequence[Version], metrics: Mapping[str, Mapping[str, Any]]) -> Shown:
    live = next((one.version for one in found if one.live), None)
    names = ("version", "state", "verdict", "cases", *(f"head_{head}" for head in _HEADS))
    heads = tuple(Head(name, _heading(here, name), name == "cases") for name in (*names, "compare"))
    rows = tuple(_row(here, one, metrics.get(one.version, {}), live) for one in found)
    return Shown("models", here.part("all_versions"), heads, rows)


def _heading(here: Here, name: str) -> str:
    target = name.removeprefix("head_")
    return here.part(f"col_{name}") if target == name else head_of(here, target)


def _row(
    here: Here, version: Version, metrics: Mapping[str, Any], live: str | None
) -> tuple[Cell, ...]:
    measured = [_measured(here, metrics.get(head)) for head in _HEADS]
    beside = Cell("–")
    if live is not None and live != version.version:
        to = href(TAB, "compare", a=live, b=version.version)
        beside = Cell(here.part("with_live"), href=to)
    verdict = version.verdict
    judged = Cell(verdict_of(here, verdict), mark=tone_of(verdict)) if verdict else Cell("–")
    return (
        Cell(version.version, hint=moment(version.created), href=href(TAB, version.version)),
        state_cell(here, version),
        judged,
        Cell(here.numbers.count(version.cases), number=True),
        *measured,
        beside,
    )


def _measured(here: Here, found: Mapping[str, Any] | None) -> Cell:
    """Return how many guesses of a head are right, and how much of it is said, and how rightly."""
    if not found or found.get("accuracy") is None:
        return Cell("–")
    share = here.numbers.share
    said = here.part("says", said=share(found.get("coverage")), right=share(found.get("precision")))
    return Cell(share(found["accuracy"]), hint=said)


def _usual_pair(found: Sequence[Version]) -> tuple[str, str]:
    """Return what is compared unless somebody chooses: the live one with the newest other."""
    live = next((one.version for one in found if one.live), None)
    others = [one.version for one in found if one.version != live]
    if live is None:
        return (others[1], others[0]) if len(others) > 1 else ("", "")
    return (live, others[0]) if others else ("", "")


def _made_live(row: HistoryRow) -> str | None:
    return row.version if row.action in ("activate", "rollback") else None


def _worded(here: Here, row: HistoryRow) -> bool:
    return here.has(f"act.model_{row.action}")
