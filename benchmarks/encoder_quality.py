"""Vector spaces side by side: every judged set through every encoder, query by query.

In: a judged set and an encoder (None: words). Out: each query's value under two orders of the same
evidence: one that nothing was fitted for, and that of `python -m triage evaluate retrieval`.
Not here: intervals and tables (encoder_tables), speed (encoder_speed).
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.sets import Files, sample_cases, sample_drafts, shared
from triage.embedding import Progress
from triage.encode import Encoder
from triage.learn.evaluate.retrieval import Measured, fit_on, measured, unfitted
from triage.learn.statistics.measures import published
from triage.learn.suggestions.judging import Asking, EvaluationSet, judge, selected
from triage.rank import Ranker, load_ranker
from triage.records import Side


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A judged set, its measure, and how the command of docs/benchmarks.md runs it.

    With `by_language` each of `languages` is a row of its own; with `fitted` the command fits its
    ranker on the sample's cases; `answerable` leaves out queries that nothing is right for.
    """

    title: str
    files: Files
    measure: str
    languages: tuple[str, ...]
    by_language: bool = False
    judged_only: bool = False
    where: tuple[tuple[str, str], ...] = ()
    fitted: bool = False
    answerable: bool = False

    def missing(self) -> Path | None:
        """Return the first of the set's files that is not there."""
        paths = (self.files.threads, self.files.queries, self.files.qrels)
        return next((p for p in paths if not p.exists()), None)

    def command(self, side: Side) -> str:
        """Return the command whose numbers stand under "as served"."""
        parts = ["python", "-m", "triage", "evaluate", "retrieval", *self.files.options()]
        parts += ["--rerank-judged"] if self.judged_only else []
        parts += [part for name, value in self.where for part in ("--where", f"{name}={value}")]
        parts += ["--side", side.value]
        parts += sample_cases().options("fit-") if self.fitted else []
        return shlex.join([*parts, "--json"])


@dataclass(frozen=True, slots=True)
class Asked:
    """One query's values; queries of one group ask for the same threads."""

    lang: str
    group: str
    plain: float
    served: float


def judged_sets(folder: Path) -> Iterator[JudgedSet]:
    """Yield the sets in the order of the table."""
    yield JudgedSet("StackFAQ", shared(folder, "stackfaq"), "mrr@10", ("en",), fitted=True)
    yield JudgedSet("SweFAQ", shared(folder, "swefaq"), "mrr@10", ("sv",), fitted=True)
    yield JudgedSet(
        "SemEval dev",
        shared(folder, "semeval_cqa"),
        "map",
        ("en",),
        judged_only=True,
        where=(("split", "dev"),),
    )
    help_pages = folder / "help_pages"
    yield JudgedSet(
        "GNOME, title to English page",
        Files(
            help_pages / "gnome_threads_en.jsonl.gz",
            help_pages / "gnome_xling_queries.jsonl",
            help_pages / "gnome_xling_qrels.jsonl",
        ),
        "hit@10",
        ("da", "de"),
        by_language=True,
    )
    yield JudgedSet(
        "sample drafts",
        sample_drafts(),
        "mrr@10",
        ("en", "sv", "nb", "da", "fi", "de"),
        by_language=True,
        answerable=True,
    )


def fit_on_sample(encoder: Encoder | None, progress: Progress) -> Ranker:
    """Fit this encoder's own ranker on the sample's cases, as `--fit-*` does."""
    side = Side.LEXICAL if encoder is None else Side.DENSE
    return fit_on(sample_cases().read(), encoder, load_ranker(), Asking(side), progress)


def ask(
    judged: JudgedSet, encoder: Encoder | None, served: Ranker, progress: Progress
) -> dict[str, Asked]:
    """Rank a set's queries both ways and return their values by query id."""
    side = Side.LEXICAL if encoder is None else Side.DENSE
    plain = unfitted("words" if encoder is None else "similarity_lead")
    asking = Asking(side, rerank_judged=judged.judged_only, where=dict(judged.where))
    tested = _needed(judged.files.read(), asking) if encoder else judged.files.read()
    found = judge(tested, encoder, plain, asking, progress)
    simple = measured(found, tested.gains, plain, side)
    # Which passage speaks for a thread follows from the weights, too: the command asks with those.
    found = judge(tested, encoder, load_ranker(), asking, progress)
    fitted = measured(found, tested.gains, served, side)
    return {
        one.judged.query_id: _asked(judged, one, other)
        for one, other in zip(simple, fitted, strict=True)
        if one.judged.right or not judged.answerable
    }


def _needed(tested: EvaluationSet, asking: Asking) -> EvaluationSet:
    """Leave out threads that the vectors of no asked query are compared with.

    Where only judged threads are ranked the others cost encoding and change nothing: similarities,
    unlike the weight of a word, do not depend on what else is there.
    """
    if not asking.rerank_judged:
        return tested
    asked = {q.id for q in tested.queries if selected(q, asking.where)}
    judged = {j.doc_id for j in tested.judgements if j.query_id in asked}
    return replace(tested, threads=[t for t in tested.threads if t.id in judged])


def _asked(judged: JudgedSet, plain: Measured, served: Measured) -> Asked:
    lang = plain.judged.lang if judged.by_language else judged.languages[0]
    # Wordings of one question, and one problem in six languages, are no independent evidence.
    group = " ".join(sorted(plain.judged.right)) or plain.judged.query_id
    values = [published(m.measures)[judged.measure] for m in (plain, served)]
    return Asked(lang, group, *values)
