"""What was measured of encoders -> the tables of docs/encoder.md. Pure.

In: values per query, numbers per round and per start. Out: Markdown, every table with the command
that makes it. Not here: measuring (encoder_quality, encoder_speed, serving).
"""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.contestants import WORDS
from benchmarks.encoder_quality import Asked, JudgedSet
from benchmarks.encoder_speed import BATCH_THREADS, Rounds
from benchmarks.serving import MEASURED, Costs
from benchmarks.sets import ROOT, SHARED
from benchmarks.short_questions import SHORT_QUESTIONS
from triage.encode import MINILM
from triage.learn.statistics.intervals import Interval, bootstrap_difference, bootstrap_mean
from triage.records import Side

_BENCH = "python -m benchmarks.encoder"

Answers = Mapping[str, Asked]


@dataclass(frozen=True, slots=True)
class SetResult:
    """A judged set's values by encoder label; WORDS stands for search without an encoder."""

    judged: JudgedSet
    answers: Mapping[str, Answers]


@dataclass(frozen=True, slots=True)
class _Slice:
    """Some of a set's queries: one row of a table."""

    judged: JudgedSet
    lang: str
    answers: Mapping[str, Answers]

    def row(self, cells: Sequence[str]) -> str:
        n = len(self.answers[WORDS])
        return _line((self.judged.title, self.lang, str(n), self.judged.measure, *cells))


def quality_section(results: Sequence[SetResult], encoders: Mapping[str, str]) -> str:
    """Word the spaces themselves, their differences, and the order of the service's command."""
    labels = list(encoders)
    first = labels[0]
    pairs = [(label, MINILM) for label in (*labels, WORDS) if label != MINILM]
    pairs += [(first, other) for other in (*labels[1:], WORDS) if other != MINILM]
    pairs = [p for p in pairs if MINILM in labels or MINILM not in p]
    bench = [f'{_BENCH} --only "{r.judged.title}"' for r in results]
    commands = [line for r in results for line in _served_commands(r.judged, encoders)]
    return "\n\n".join(
        [
            "### Quality",
            _plain_table(results, labels),
            _difference_table(results, pairs),
            _shell(bench),
            _served_table(results, labels),
            _shell(commands),
        ]
    )


def short_section(found: Rounds) -> str:
    """Word how long a short question takes, one after another in one thread."""
    title = f"{len(SHORT_QUESTIONS)} short questions, one thread"
    table = _speed_table(title, "ms a question", found, less_is_faster=True)
    return "\n\n".join(["### Speed", table, _shell([f'{_BENCH} --only "short questions"'])])


def batches_section(name: str, texts: Sequence[str], found: Rounds) -> str:
    """Word how many texts a second are encoded in bulk."""
    mean = round(statistics.fmean(map(len, texts)))
    title = f"{len(texts)} texts in {name}, {mean} characters in the mean, {BATCH_THREADS} threads"
    table = _speed_table(title, "texts a second", found, less_is_faster=False)
    return "\n\n".join([table, _shell([f'{_BENCH} --only "batches, {name}"'])])


def serving_section(found: Costs) -> str:
    """Word what a server takes with each encoder, and how many times that MiniLM takes."""
    lines = [_line(("serve.py with", *MEASURED)), _rule(len(MEASURED) + 1)]
    lines += [
        _line((label, *(_spread(c[m], ".1f") for m in MEASURED))) for label, c in found.items()
    ]
    for label, costs in found.items():
        if label != MINILM and MINILM in found:
            ratios = (_ratios(found[MINILM][m], costs[m]) for m in MEASURED)
            lines.append(_line((f"{MINILM} / {label}", *ratios)))
    return "\n\n".join(["### Server", "\n".join(lines), _shell([f"{_BENCH} --only serving"])])


def _plain_table(results: Sequence[SetResult], labels: Sequence[str]) -> str:
    head = ("nearest passage first", "language", "n", "measure", *labels, "BM25")
    lines = [_line(head), _rule(len(head))]
    for part in _slices(results):
        means = (bootstrap_mean(*_plain(part.answers[k])) for k in (*labels, WORDS))
        lines.append(part.row([_interval(mean) for mean in means]))
    return "\n".join(lines)


def _difference_table(results: Sequence[SetResult], pairs: Sequence[tuple[str, str]]) -> str:
    named = [" - ".join("BM25" if label == WORDS else label for label in pair) for pair in pairs]
    head = ("paired difference", "language", "n", "measure", *named)
    lines = [_line(head), _rule(len(head))]
    for part in _slices(results):
        cells = []
        for first, second in pairs:
            values, groups = _plain(part.answers[first])
            other, _ = _plain(part.answers[second])
            cells.append(_interval(bootstrap_difference(values, other, groups), "+.3f"))
        lines.append(part.row(cells))
    return "\n".join(lines)


def _served_table(results: Sequence[SetResult], labels: Sequence[str]) -> str:
    head = ("as served", "language", "n", "measure", *labels, "lexical side")
    lines = [_line(head), _rule(len(head))]
    for part in _slices(results):
        asked = (part.answers[k].values() for k in (*labels, WORDS))
        lines.append(part.row([f"{statistics.fmean(a.served for a in one):.4f}" for one in asked]))
    return "\n".join(lines)


def _served_commands(judged: JudgedSet, encoders: Mapping[str, str]) -> Iterator[str]:
    named = " or ".join(_shown(name) for name in encoders.values())
    chosen = f", and --where lang= {', '.join(judged.languages)}" if judged.by_language else ""
    yield f"# {judged.title}: TRIAGE_ENCODER={named}{chosen}"
    yield _shown(judged.command(Side.DENSE))
    yield _shown(judged.command(Side.LEXICAL))


def _speed_table(title: str, unit: str, found: Rounds, *, less_is_faster: bool) -> str:
    lines = [_line((title, unit, f"times as fast as {MINILM}")), _rule(3)]
    for label, rounds in found.items():
        shown = "-"
        if label != MINILM and MINILM in found:
            beside = found[MINILM]
            shown = _ratios(beside, rounds) if less_is_faster else _ratios(rounds, beside)
        lines.append(_line((label, _spread(rounds, ".1f"), shown)))
    return "\n".join(lines)


def _slices(results: Sequence[SetResult]) -> Iterator[_Slice]:
    for result in results:
        judged = result.judged
        if not judged.by_language:
            yield _Slice(judged, judged.languages[0], result.answers)
            continue
        for lang in judged.languages:
            yield _Slice(
                judged,
                lang,
                {
                    label: {query: a for query, a in answers.items() if a.lang == lang}
                    for label, answers in result.answers.items()
                },
            )
        yield _Slice(judged, "all", result.answers)


def _plain(answers: Answers) -> tuple[dict[str, float], dict[str, str]]:
    values = {query: a.plain for query, a in answers.items()}
    return values, {query: a.group for query, a in answers.items()}


def _interval(found: Interval, form: str = ".3f") -> str:
    return f"{found.mean:{form}} [{found.low:{form}}, {found.high:{form}}]"


def _spread(values: Sequence[float], form: str = ".2f") -> str:
    return f"{statistics.median(values):{form}} [{min(values):{form}}, {max(values):{form}}]"


def _ratios(above: Sequence[float], below: Sequence[float]) -> str:
    return _spread([a / b for a, b in zip(above, below, strict=True)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(columns: int) -> str:
    return "|" + " --- |" * columns


def _shell(commands: Sequence[str]) -> str:
    return "\n".join(["```sh", *commands, "```"])


def _shown(text: str) -> str:
    return text.replace(str(SHARED), "../shared/data").replace(f"{ROOT}/", "")
