"""A message -> the question that it is of, as it stands now, and what is known of it.

In: what is to be delivered. Out: the question with its place in the other system, or None where
there is nothing to file: it is gone, it is only tried out, or the message is of something else.
Not here: what is sent of it (tickets, topics, letters).
"""

from dataclasses import dataclass

from triage import questions, store
from triage.delivering import Due
from triage.errors import NoQuestion
from triage.filing.around import Around
from triage.filing.sections import Known
from triage.lifecycle import OPEN, State
from triage.questions import Told
from triage.questions.handover import hand_over
from triage.records import Destination, Visibility


@dataclass(frozen=True, slots=True)
class Subject:
    """The question of a message, where it stands elsewhere, and the change that is told of."""

    told: Told
    filing: store.FilingRow | None
    change: store.ChangeRow | None

    @property
    def row(self) -> store.QuestionRow:
        """The question as it is kept."""
        return self.told.row

    @property
    def waits_for_experts(self) -> bool:
        """Whether staff still have to do something with it."""
        question = self.told.question
        return question.destination is Destination.EXPERT and question.state in OPEN

    @property
    def is_echo(self) -> bool:
        """Whether what is told of was brought from this very system."""
        channel = None if self.filing is None else self.filing.channel_id
        return (
            self.change is not None
            and channel is not None
            and self.change.change_id.startswith(f"{channel}:")
        )


def read_subject(around: Around, due: Due) -> Subject | None:
    """Return the question of a message. Raises StoreUnavailable."""
    question_id = due.message.question_id
    if question_id is None:
        return None
    with around.database.read() as c:
        try:
            told = questions.read(c, due.forum_id, question_id)
        except NoQuestion:
            return None
        if told.row.test:
            return None
        filing = store.get_filing(c, due.forum_id, question_id, due.channel.channel_id)
    revision = due.message.data.get("revision")
    change = next((one for one in told.changes if one.revision == revision), None)
    return Subject(told, filing, change)


def known_of(around: Around, due: Due, subject: Subject) -> Known:
    """Return everything known of a question. Raises Unavailable while a part is missing."""
    row = subject.row
    with around.gathering:
        opened = around.opened(due.forum)
        found = hand_over(around.database, due.forum_id, opened.parts, opened.foresight, row)
    with around.database.read() as c:
        box = (
            store.get_original(c, due.forum_id, row.triage_id, around.now())
            if row.triage_id is not None
            else None
        )
    return Known(row, found, around.link(row.question_id), box is not None)


def is_shared(row: store.QuestionRow) -> bool:
    """Whether other customers may read a question, all of them."""
    return row.shareable and row.visibility == Visibility.PUBLIC


def stands_with_community(subject: Subject) -> bool:
    """Whether the community has it at this moment."""
    return subject.told.question.state is State.WITH_COMMUNITY
