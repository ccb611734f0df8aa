"""Versions of a policy and trials of them, as lines for people.

In: rows, what a trial tells. Out: lines.
Not here: making a trial (policies.trial).
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from triage.store import PolicyChange, PolicyRow, PolicyState

_NAMES = {
    "coverage": ("answered by the community", "%"),
    "wrong_public": ("wrong public routes", "%"),
    "expert_questions": ("questions to experts", ""),
    "expert_per_day": ("questions to experts a day", ""),
    "expert_hours": ("hours of experts", "h"),
    "wait_median_hours": ("half have an answer after", "h"),
    "wait_ninth_decile_hours": ("nine in ten after", "h"),
}


def version_line(row: PolicyRow) -> str:
    """Return one version; * decides."""
    mark = "*" if row.state is PolicyState.ACTIVE else " "
    tried = "  tried" if row.simulated is not None else ""
    return (
        f"{mark} {row.version:4} {row.state.value:9} {row.made_at:%Y-%m-%d %H:%M}  {row.by}{tried}"
    )


def change_line(change: PolicyChange) -> str:
    """Return one thing that happened."""
    former = f" instead of {change.former}" if change.former is not None else ""
    why = f": {change.reason}" if change.reason else ""
    at = f"{change.at:%Y-%m-%d %H:%M}"
    return f"  {at} {change.by}: {change.action.value} {change.version}{former}{why}"


def change_row(change: PolicyChange) -> dict[str, Any]:
    """Return the same as plain values, for JSON."""
    row = {**asdict(change), "at": change.at.isoformat(), "action": change.action.value}
    return {name: value for name, value in row.items() if name != "position"}


def trial_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """Give a trial: what it rests on, then each measure by the draft, as now, and what differs."""
    yield (
        f"{told['asks']} asks of {told['persons']} persons in {told['days']:g} days"
        f" ({told['counted']}), version {told['draft_version']} beside {told['current_version']}"
    )
    if told["simulated"]:
        yield f"{told['simulated']} of these asks are simulated"
    yield f"of {told['known']} it is known who really had to answer"
    yield f"{'':28} {'draft':>24} {'now':>24} {'difference':>24}"
    for name, (says, unit) in _NAMES.items():
        cells = [_cell(told[which][name], unit) for which in ("draft", "current", "difference")]
        yield f"{says:28} {cells[0]:>24} {cells[1]:>24} {cells[2]:>24}"
    yield (
        f"moved to experts {told['moved_to_expert']}, to the community {told['moved_to_community']}"
    )
    yield f"{'decided by':28} {'draft':>24} {'now':>24}"
    for name, counts in told["decided"].items():
        yield f"{name:28} {counts['draft']:>24} {counts['current']:>24}"


def _cell(measured: Mapping[str, float | None], unit: str) -> str:
    value, low, high = (measured[name] for name in ("value", "low", "high"))
    if value is None or low is None or high is None:
        return "unknown"
    by = 100 if unit == "%" else 1
    return f"{by * value:.1f}{unit} ({by * low:.1f} to {by * high:.1f})"
