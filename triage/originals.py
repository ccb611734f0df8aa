"""What only an expert may read of a question: sealed as it is kept, opened for whoever may read it.

In: a draft and what was made of it; later, the id of its triage. Out: a row beside the triage, and
the fields as they were typed, without the secrets in them.
Not here: what is private and what is secret (text), who may read it (api), how it goes (privacy).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage import store, text
from triage.crypto.sealing import Sealer, sealer
from triage.errors import NoOriginal
from triage.records import Draft, Question, Stage

_PURPOSE = "originals"


@dataclass(frozen=True, slots=True)
class Originals:
    """The originals of one forum; without days none is kept."""

    seal: Sealer
    kept_for: timedelta | None

    def keep(
        self,
        c: store.Connection,
        forum_id: int,
        triage_id: str,
        draft: Draft,
        question: Question,
        at: datetime,
    ) -> bool:
        """Keep what is private of a question that is submitted; return whether there was any."""
        if self.kept_for is None or question.stage is not Stage.SUBMIT:
            return False
        fields = text.original_of(draft, question)
        if not fields:
            return False
        box = self.seal.seal(json.dumps(fields).encode(), triage_id)
        person = question.person
        store.put_original(c, forum_id, triage_id, person, box, at, at + self.kept_for)
        return True

    def read(
        self, c: store.Connection, forum_id: int, triage_id: str, at: datetime
    ) -> Mapping[str, str]:
        """Return the fields as typed, without secrets. Raises NoOriginal, SealBroken."""
        box = store.get_original(c, forum_id, triage_id, at)
        if box is None:
            raise NoOriginal
        return self.open_box(box, triage_id)

    def open_box(self, box: bytes, triage_id: str) -> Mapping[str, str]:
        """Return what is in a box. Raises SealBroken."""
        fields: Mapping[str, str] = json.loads(self.seal.unseal(box, triage_id))
        return fields


def originals(installation_key: bytes, forum: str, days: int | None) -> Originals:
    """Return what keeps and opens a forum's originals."""
    kept_for = timedelta(days=days) if days else None
    return Originals(sealer(installation_key, _PURPOSE, forum), kept_for)
