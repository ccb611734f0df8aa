"""What stands beside a reply to a draft: known issues first, and how many others have the same.

In: a question, its vector, the encoder that made it, the open threads that ask the same. Out: all
of them, as its asker may know them, the threads with how many others follow them.
Not here: the reply (keeping), keeping who was affected (watching).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triage import store
from triage.affected.counting import OpenQuestions, with_followers
from triage.affected.issues import LiveIssues, about_row, matched
from triage.affected.spaces import space
from triage.encode import Encoder
from triage.encode.base import Vectors
from triage.records import KnownIssue, Question, SameQuestion


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said of others in a reply."""

    known_issues: tuple[KnownIssue, ...] = ()
    also_affected: int = 0
    same_question: tuple[SameQuestion, ...] = ()


NOTHING = Beside()


class BesideReply:
    """Finds what stands beside the replies of one forum."""

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._forum_id = forum_id
        self._issues = LiveIssues(forum_id)
        self._open = OpenQuestions(forum_id)

    def issues_of(
        self, encoder: Encoder | None, rows: Iterable[store.QuestionRow]
    ) -> set[tuple[str, str]]:
        """Return the issues that open questions without an ask are about, with the questions.

        Those that came by a triage are known by their asks; the others by their own vectors, which
        they have once they were gathered.
        """
        alone = {row.question_id: row for row in rows if row.ask_id is None}
        if encoder is None or not alone:
            return set()
        with self._database.read() as c:
            live = self._issues.now(c, encoder)
            vectors = store.get_question_vectors(c, self._forum_id, space(encoder), list(alone))
        return {
            (found.issue_id, question_id)
            for question_id, vector in vectors.items()
            for found in matched(live, vector, about_row(alone[question_id]), encoder)
        }

    def find(
        self,
        encoder: Encoder | None,
        question: Question,
        vector: Vectors | None,
        same: Sequence[SameQuestion] = (),
    ) -> Beside:
        """Return what is known of others; without an encoder nothing is known of meanings."""
        knows = vector is not None and encoder is not None
        if not knows and not same:
            return NOTHING
        with self._database.read() as c:
            waiting = with_followers(c, self._forum_id, same, question)
            if vector is None or encoder is None:
                return Beside(same_question=waiting)
            row = vector.reshape(-1)
            issues = self._issues.about(c, encoder, row, question)
            return Beside(issues, self._open.also_affected(c, encoder, row, question), waiting)
