"""The known issues that are live, held as vectors, and which of them a question is about.

In: a question with its vector, the encoder that made it. Out: known issues, surest first, in the
words of the staff, each only to those who may read it.
Not here: publishing one (publishing), who asked about it before (reaching), the odds (insight).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from triage import store
from triage.affected.spaces import sameness_of, space
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.insight import About, Fit, Issue, Matched, matches
from triage.records import KnownIssue, Question
from triage.text import error_codes

# So many are shown: whoever has more faults than that wants another page.
MOST_SHOWN = 3
# So many of the nearest are weighed.
_WEIGHED = 10
# Questions that a proposal was made of stand for it beside its own words.
_EXAMPLES = 20


@dataclass(frozen=True, slots=True, eq=False)
class LiveIssue:
    """A known issue as it is kept, and as questions are held against it."""

    row: store.KnownIssueRow
    issue: Issue


class LiveIssues:
    """The live known issues of one forum, never older than the store has them."""

    def __init__(self, forum_id: int) -> None:
        self._forum_id = forum_id
        self._held: tuple[tuple[int, int], str, Sequence[LiveIssue]] | None = None

    def now(self, c: store.Connection, encoder: Encoder) -> Sequence[LiveIssue]:
        """Return what is live."""
        stand = store.issues_revision(c, self._forum_id)
        held = self._held
        if held is None or held[:2] != (stand, space(encoder)):
            rows = store.list_issues(c, self._forum_id, store.LIVE)
            live = tuple(live_issue(c, self._forum_id, row, encoder) for row in rows)
            held = self._held = stand, space(encoder), live
        return held[2]

    def about(
        self,
        c: store.Connection,
        encoder: Encoder,
        vector: Vectors,
        question: Question,
    ) -> tuple[KnownIssue, ...]:
        """Return the issues that a question is about, of those its asker may read."""
        there = [one for one in self.now(c, encoder) if readable(one.row, question.groups)]
        found = matched(there, vector, about_of(question), encoder)[:MOST_SHOWN]
        readers = store.Readers(question.groups, person=question.person)
        rows = {one.row.issue_id: one.row for one in there}
        return shown(c, self._forum_id, found, rows, readers)


def about_of(question: Question) -> About:
    """Return what is known of a question beside its meaning."""
    said = f"{question.text}\n{question.context.error_text or ''}"
    return About(question.lang, question.product, question.version, error_codes(said))


def about_row(row: store.QuestionRow) -> About:
    """Return the same of a question that was posted."""
    said = [row.question.get(name) or "" for name in ("title", "body")]
    error = (row.question.get("context") or {}).get("error_text") or ""
    codes = error_codes("\n".join([*said, error]))
    return About(row.lang or "", row.product, row.version, codes)


def matched(
    live: Sequence[LiveIssue], vector: Vectors, about: About, encoder: Encoder
) -> tuple[Matched, ...]:
    """Return which of the issues a question is about, surest first; the nearest are weighed."""
    if not live:
        return ()
    near = _nearest(live, vector, about.codes)
    return matches([one.issue for one in near], vector, about, sameness_of(encoder))


def _nearest(
    live: Sequence[LiveIssue], vector: Vectors, codes: frozenset[str]
) -> Sequence[LiveIssue]:
    """Return the issues that are worth weighing, those with its codes first: drafts wait for it."""
    if len(live) <= _WEIGHED:
        return live
    best = [
        (
            not one.issue.codes.isdisjoint(codes),
            float((one.issue.vectors @ vector).max(initial=-1.0)),
        )
        for one in live
    ]
    order = sorted(range(len(live)), key=lambda place: best[place], reverse=True)
    return [live[place] for place in order[:_WEIGHED]]


def live_issue(
    c: store.Connection, forum_id: int, row: store.KnownIssueRow, encoder: Encoder
) -> LiveIssue:
    """Return an issue as questions are held against it."""
    own, lang = _own_vectors(row, encoder), row.lang or ""
    others = store.example_vectors(c, forum_id, space(encoder), row.issue_id, _EXAMPLES)
    vectors = np.vstack([own, *(vector for _, vector in others)]) if others else own
    langs = (*(lang for _ in own), *(its for its, _ in others))
    codes = error_codes(f"{row.title}\n{row.body}")
    held = Issue(row.issue_id, vectors, lang, row.products, row.versions, langs, codes)
    return LiveIssue(row, held)


def readable(row: store.KnownIssueRow, groups: frozenset[str], *, reads_all: bool = False) -> bool:
    """Say whether an issue is for whoever has these groups."""
    return reads_all or not row.groups or not row.groups.isdisjoint(groups)


def shown(
    c: store.Connection,
    forum_id: int,
    found: Sequence[Matched],
    rows: Mapping[str, store.KnownIssueRow],
    readers: store.Readers,
) -> tuple[KnownIssue, ...]:
    """Return matched issues in the words of the staff, with how many others asked about them."""
    if not found:
        return ()
    counts = store.count_affected(c, forum_id, [one.issue_id for one in found], readers)
    named = {row.thread_id for one in found if (row := rows[one.issue_id]).thread_id}
    threads = store.get_threads(c, forum_id, sorted(filter(None, named)))
    open_to = {i for i, t in threads.items() if not t.groups or t.groups & readers.groups}
    return tuple(
        _shown(rows[one.issue_id], one, counts[one.issue_id], frozenset(open_to)) for one in found
    )


def _shown(
    row: store.KnownIssueRow, found: Matched, affected: int, threads: frozenset[str]
) -> KnownIssue:
    return KnownIssue(
        issue_id=row.issue_id,
        title=row.title,
        body=row.body,
        lang=row.lang,
        probability=found.probability,
        certain=found.fit is Fit.AFFECTED,
        affected=affected,
        workaround=row.workaround,
        fix=row.fix,
        fixed_in=row.fixed_in,
        thread_id=row.thread_id if row.thread_id in threads else None,
        published_at=row.published_at,
    )


def _own_vectors(row: store.KnownIssueRow, encoder: Encoder) -> Vectors:
    """Encode an issue's title alone and with its text: drafts are short and long."""
    texts = dict.fromkeys([row.title, f"{row.title}\n{row.body}".strip()])
    said = [text for text in texts if text]
    empty = np.empty((0, encoder.dimension), dtype=np.float32)
    return encoder.encode(said, TextRole.QUERY) if said else empty
