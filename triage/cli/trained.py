"""What a training run made -> what is printed of it.

In: Trained. Out: lines, or one line of JSON, on standard output.
Not here: the run itself (train).
"""

import json
from collections.abc import Mapping
from typing import Any

import click

from triage.cli.common import say
from triage.learn.contest.tables import verdict_lines
from triage.learn.training import Trained


def show_trained(trained: Trained, as_json: bool) -> None:
    """Print what was made; the last line says what becomes of it."""
    if as_json:
        click.echo(json.dumps(trained.facts(), ensure_ascii=False))
        return
    for line in trained_lines(trained):
        click.echo(line)
    if trained.refused:
        say(_what_now(trained.doubts))


def trained_lines(trained: Trained) -> list[str]:
    """Return it as lines."""
    version = trained.written.version if trained.written else None
    return [
        f"version  {version or '(dry run, nothing published)'}",
        f"live     {'yes' if trained.live else 'no'}",
        f"cases    {trained.cases}",
        f"doubts   {trained.doubts} labels look wrong and wait to be looked at",
        f"ranker   {trained.ranker}",
        f"space    {space_line(trained.adaptation)}",
        *(f"gate     {line}" for line in gate_lines(trained.gate)),
        *(f"{target.value:12} {_numbers(m)}" for target, m in trained.metrics.items()),
        *(f"{target.value:12} abstains: {why}" for target, why in trained.missing.items()),
        *verdict_lines(trained.verdict),
    ]


def _what_now(doubts: int) -> str:
    """Say what whoever was refused does next."""
    wrong = f"`python -m triage cases doubts` shows the {doubts} labels that look wrong. "
    return (
        f"What now: look at the cases that came last. {wrong if doubts else ''}Correct them, ingest"
        " the file again and train again; or, where the new labels are the right ones, say so with"
        " --force REASON (docs/training.md)."
    )


def _numbers(metrics: Mapping[str, Any]) -> str:
    return "  ".join(
        f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}"
        for name, value in metrics.items()
        if isinstance(value, (int, float))
    )


def space_line(facts: Mapping[str, Any]) -> str:
    """Say in one line whether the space was adapted, and by what numbers."""
    line = f"{'adapted' if facts['kept'] else 'not adapted'}: {facts['why']}"
    if "mrr" not in facts:
        return line
    mrr = facts["mrr"]
    return (
        f"{line}; MRR of {mrr['n']} held-out questions {mrr['before']:.3f} -> {mrr['after']:.3f}"
        f" (difference {mrr['low']:+.3f} to {mrr['high']:+.3f}, p {mrr['p_better']:.4f})"
    )


def gate_lines(facts: Mapping[str, Any]) -> list[str]:
    """Say from which probability each language is shown something, and what that promises."""
    if not facts["fitted"]:
        return [f"as shipped: {facts['why']}"]
    promise = f"at most {facts['risk']:.0%} wrong among shown"
    rows = {"pooled": facts["pooled"], **facts["languages"]}
    return [f"{name:6} {_threshold_line(row, promise)}" for name, row in rows.items()]


def _threshold_line(row: Mapping[str, Any], promise: str) -> str:
    shown = "nothing shown" if row["value"] is None else f"from {row['value']:.3f}"
    line = f"{shown}, {row['questions']} questions, {'' if row['guaranteed'] else 'not '}guaranteed"
    if row["guaranteed"]:
        return f"{line}: {promise}"
    return f"{line} (one suggestion alone would be)" if row["one_would_be_guaranteed"] else line
