"""How versions of a model look to people, and as JSON.

In: what the registry tells. Out: lines and rows.
Not here: asking the registry (models).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from triage.registry import Difference, Shown, Version
from triage.store import HistoryRow

_WIDEST = 30


def version_line(version: Version) -> str:
    """Show one version in a line."""
    mark = "*" if version.live else "<" if version.former else " "
    cases = "-" if version.cases is None else str(version.cases)
    verdict = version.verdict.word if version.verdict else "-"
    trouble = "" if version.trouble is None else "  cannot be opened"
    return (
        f"{mark} {version.version}  {version.created:%Y-%m-%d %H:%M}  {cases:>7} cases"
        f"  {version.size_bytes / 1e6:7.1f} MB  {verdict}{trouble}"
    )


def version_row(version: Version) -> dict[str, Any]:
    """Return one version as JSON."""
    return {
        "version": version.version,
        "created": version.created.isoformat(),
        "live": version.live,
        "former": version.former,
        "cases": version.cases,
        "encoder": version.encoder,
        "verdict": version.verdict.word if version.verdict else None,
        "bytes": version.size_bytes,
        "trouble": version.trouble,
    }


def shown_row(shown: Shown) -> dict[str, Any]:
    """Return all that is known of a version as JSON."""
    return {
        **version_row(shown.version),
        "manifest": dict(shown.manifest),
        "card": shown.card,
        "history": [_history_row(row) for row in shown.history],
    }


def history_lines(history: Iterable[HistoryRow]) -> list[str]:
    """Show what happened, one line each."""
    return [
        f"{row.at:%Y-%m-%d %H:%M}  {row.action:8} {row.version}  by {row.by}"
        f"{f' (before: {row.former})' if row.former else ''}"
        f"{f': {row.reason}' if row.reason else ''}"
        for row in history
    ]


def compared_lines(left: str, right: str, found: Sequence[Difference]) -> list[str]:
    """Show two versions side by side, one measure a line."""
    width = max((len(d.name) for d in found), default=0)
    head = f"{'':{width}}  {left:{_WIDEST}}  {right}"
    rows = [f"{d.name:{width}}  {_told(d.left):{_WIDEST}}  {_told(d.right)}" for d in found]
    return [head, *rows]


def difference_row(difference: Difference) -> dict[str, Any]:
    """Return one measure of two versions as JSON."""
    return {"name": difference.name, "left": difference.left, "right": difference.right}


def _told(value: object) -> str:
    if value is None:
        return "-"
    text = f"{value:.4f}" if isinstance(value, float) else str(value)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _history_row(row: HistoryRow) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(),
        "action": row.action,
        "version": row.version,
        "by": row.by,
        "former": row.former,
        "reason": row.reason,
        "details": dict(row.details),
    }
