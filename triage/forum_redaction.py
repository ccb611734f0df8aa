"""What one forum's drafts and cases are redacted by now: settings, and the names of its accounts.

In: the store, the value that settings give. Out: a `Redaction`, never older than a minute.
Not here: finding anything (text), reading settings (redaction).
"""

import time
from dataclasses import replace

from triage import store
from triage.redaction import Redaction

# Accounts change by the day; a draft that is typed asks several times a second.
_FRESH_SECONDS = 60.0


class ForumRedaction:
    """The redaction of one forum, kept in step with its accounts."""

    def __init__(self, database: store.Database, forum_id: int, base: Redaction) -> None:
        self._database = database
        self._forum_id = forum_id
        self._base = base
        self._known: tuple[float, Redaction] | None = None

    def now(self) -> Redaction:
        """Return what holds now. Raises StoreUnavailable."""
        known = self._known
        if known is not None and time.monotonic() - known[0] < _FRESH_SECONDS:
            return known[1]
        with self._database.read() as c:
            names = store.account_names(c, self._forum_id)
        fresh = replace(self._base, known_names=self._base.known_names | names)
        self._known = time.monotonic(), fresh
        return fresh
