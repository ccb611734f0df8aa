"""What stands beside a reply to a draft: known issues first, and how many others have the same.

In: a question, its vector, the encoder that made it. Out: both, as its asker may know them.
Not here: the reply (keeping), keeping who was affected (watching).
"""

from dataclasses import dataclass

from triage import store
from triage.affected.counting import OpenQuestions
from triage.affected.issues import LiveIssues
from triage.encode import Encoder
from triage.encode.base import Vectors
from triage.records import KnownIssue, Question


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said of others in a reply."""

    known_issues: tuple[KnownIssue, ...] = ()
    also_affected: int = 0


NOTHING = Beside()


class BesideReply:
    """Finds what stands beside the replies of one forum."""

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._issues = LiveIssues(forum_id)
        self._open = OpenQuestions(forum_id)

    def find(self, encoder: Encoder | None, question: Question, vector: Vectors | None) -> Beside:
        """Return what is known of others; nothing without an encoder, which knows of meanings."""
        if vector is None or encoder is None:
            return NOTHING
        row = vector.reshape(-1)
        with self._database.read() as c:
            issues = self._issues.about(c, encoder, row, question)
            return Beside(issues, self._open.also_affected(c, encoder, row, question))
