"""History -> the versions that were live before, as whoever takes steps back meets them.

In: what happened, oldest first. Out: versions, oldest first; the last one is live now.
Not here: going back (choosing).
"""

from collections.abc import Collection, Iterable

from triage.store import HistoryRow, ModelAction

_CHANGES = frozenset({ModelAction.ACTIVATE, ModelAction.ROLLBACK})


def once_live(history: Iterable[HistoryRow], live: str | None, there: Collection[str]) -> list[str]:
    """Return the versions that a rollback goes back along; the last is `live`, if one is.

    A rollback takes back the activation before it, so that two go two back and what was taken back
    is not returned to by going back further. Versions that are not `there` any more are left out.
    """
    path: list[str] = []
    for row in history:
        if row.action not in _CHANGES:
            continue
        # What was live before there was a history, or was set by hand.
        if row.former is not None and path[-1:] != [row.former]:
            path.append(row.former)
        if row.action == ModelAction.ROLLBACK and row.version in path:
            while path[-1] != row.version:
                path.pop()
        elif path[-1:] != [row.version]:
            path.append(row.version)
    if live is not None and path[-1:] != [live]:
        path.append(live)
    left = [version for version in path if version in there or version == live]
    return [v for at, v in enumerate(left) if at == 0 or left[at - 1] != v]
