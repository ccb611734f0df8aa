"""Exports of Zendesk, and of systems that export as it does -> rows of our cases format.

In: files of tickets with what stands beside them, and a map. Out: rows, and what was bad.
Not here: keeping them (importing).
"""

from pathlib import Path

from triage.connect.mapping import CaseMap, open_map
from triage.connect.zendesk.export import Export
from triage.connect.zendesk.tickets import SETTLED

__all__ = ["SETTLED", "Export", "open_ticket_map"]


def open_ticket_map(path: Path) -> CaseMap:
    """Read a map of tickets: its columns are labels, since texts come from comments alone."""
    return open_map(path, SETTLED)
