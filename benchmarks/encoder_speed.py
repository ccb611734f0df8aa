"""How fast encoders are beside one another: short questions one by one, and texts in batches.

In: encoders by label. Out: for each round, the milliseconds of the middle question and the texts a
second of each. Only ratios within a round mean anything; times are of the machine of the run.
"""

import statistics
from collections.abc import Mapping, Sequence

from benchmarks.sets import sample_drafts
from benchmarks.short_questions import SHORT_QUESTIONS
from benchmarks.turns import take_turns
from triage.encode import TextRole
from triage.records import UnitKind
from triage.text import prepare_thread, units_of

_TITLES, _PASSAGES = 48, 96
# As many as ingest gives an encoder at a time.
_BATCH = 256
BATCH_THREADS = 2

# By label: one number for every round.
Rounds = dict[str, list[float]]


def time_short(encoders: Mapping[str, str], rounds: int) -> Rounds:
    """Return the milliseconds of the middle one of the short questions, in one thread."""
    batches = [[question] for question in SHORT_QUESTIONS]
    found = take_turns(encoders, batches, TextRole.QUERY, threads=1, rounds=rounds)
    return {
        label: [1000 * statistics.median(seconds) for seconds in turns]
        for label, turns in found.items()
    }


def time_batches(encoders: Mapping[str, str], texts: Sequence[str], rounds: int) -> Rounds:
    """Return texts a second, in batches of texts of similar length."""
    ordered = sorted(texts, key=len)
    batches = [ordered[n : n + _BATCH] for n in range(0, len(ordered), _BATCH)]
    found = take_turns(encoders, batches, TextRole.PASSAGE, threads=BATCH_THREADS, rounds=rounds)
    return {
        label: [len(texts) / sum(seconds) for seconds in turns] for label, turns in found.items()
    }


def mixed_texts(english: bool) -> list[str]:
    """Return titles and twice as many passages of the sample's threads.

    Those in English, or those in the other languages.
    """
    threads = [t for t in sample_drafts().read().threads if (t.lang == "en") is english]
    units = [u for t in threads for u in units_of(prepare_thread(t))]
    titles = [u.text for u in units if u.kind is UnitKind.TITLE]
    passages = [u.text for u in units if u.kind is not UnitKind.TITLE]
    return _spread(titles, _TITLES) + _spread(passages, _PASSAGES)


def _spread(texts: Sequence[str], most: int) -> list[str]:
    """Take texts from all over, the same ones in every run."""
    step = max(1, len(texts) // most)
    return list(texts[::step][:most])
