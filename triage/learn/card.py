"""A run -> the model card: what a support lead ought to know before trusting a model.

In: what was learnt from, the numbers, the verdict. Out: one page of Markdown, without any text of
a case.
Not here: the numbers themselves (heads, challenge).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from triage.learn.contest.tables import table_of, title_of
from triage.learn.contest.verdict import Basis, Outcome, Verdict
from triage.learn.heads.automation import CONFIDENCE
from triage.learn.heads.material import Material
from triage.learn.heads.speaking import Shown

_MOST_NAMED = 12

_FOR = (
    "It labels questions to this forum (kind, topic, severity, difficulty, who should answer), and"
    " ranks known threads for them. A label below its own threshold abstains: it is shown as"
    " unsure and nothing is to be done on its word alone."
)
_SPEAKS = (
    "What each label is worth where it does not abstain, on the same unseen cases. `alone`: shown,"
    f" with {CONFIDENCE:.0%} confidence, to be as precise as is wanted by itself. `together`: too"
    " few or too unsure for that; shown of all such labels of the head together, and none of them"
    " was seen to be less precise. `silent`: neither could be shown, so it always abstains."
)
_NOT_FOR = (
    "Judging persons: neither those who ask nor those who answer. `tone` says how one text reads.",
    "Another forum, product or customer base than it was trained on: its labels are this forum's.",
    "Deciding alone where a mistake harms somebody (safety, law, money, health): let a person"
    " decide.",
    "Languages and topics that are rare among the cases below: look at the slices.",
    "Promising an answer: a probability is right on average, not for one question.",
)


def write_card(
    forum: str,
    created: datetime,
    material: Material,
    facts: Mapping[str, Any],
    verdict: Verdict,
) -> str:
    """Return the card."""
    parts = [
        f"# Model of forum {forum}, trained {created:%Y-%m-%d %H:%M} UTC",
        _FOR,
        "## Learnt from",
        *_learnt_from(material, facts),
        "## How good its labels are",
        "Each case was answered by a model that had not seen it or its duplicates (cross-validation"
        " over groups of duplicates). That is a kinder test than the future: see the verdict.",
        _markdown(_heads(facts)),
        *_labels(facts),
        *_abstaining(facts),
        "## Compared with the model before",
        *_verdict(verdict),
        "## Suggestions",
        *_suggestions(facts),
        "## Not for",
        "\n".join(f"- {line}" for line in _NOT_FOR),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _learnt_from(material: Material, facts: Mapping[str, Any]) -> Iterator[str]:
    data, cases = facts["data"], material.cases
    days = f"{data['first_day']} to {data['last_day']}" if data["first_day"] else "no known date"
    undated = f", {data['undated']} of them of no known date" if data["undated"] else ""
    twins = len(cases) - len(set(material.sets.tolist()))
    yield (
        f"{len(cases)} resolved cases{undated}, {days}; {twins} of them repeat another one. As they"
        " were first written, personal data taken out."
    )
    rows = [["", "cases"]]
    rows += [
        [name, _counts(values)]
        for name, values in (
            ("language", [c.lang for c in cases]),
            ("product", [c.product for c in cases]),
            *((target.value, labels) for target, labels in material.filed.items()),
        )
    ]
    yield _markdown(rows)
    if facts.get("doubts"):
        yield f"{facts['doubts']} labels look wrong; they were learnt from all the same."


def _counts(values: Sequence[str | None]) -> str:
    counted = Counter(v for v in values if v)
    named = [f"{_plain(name)} {n}" for name, n in counted.most_common(_MOST_NAMED)]
    more = len(counted) - len(named)
    unknown = len(values) - counted.total()
    named += [f"{more} more"] if more else []
    return ", ".join(named + ([f"unknown {unknown}"] if unknown else [])) or "unknown"


def _heads(facts: Mapping[str, Any]) -> list[list[str]]:
    rows = [["head", "cases", "classes", "right", "macro F1", "ECE", "speaks up", "right then"]]
    for target, found in facts["metrics"].items():
        names = ("n", "classes", "accuracy", "macro_f1", "ece", "coverage", "precision")
        rows.append([target, *(_number(found.get(name)) for name in names)])
    return rows


def _labels(facts: Mapping[str, Any]) -> Iterator[str]:
    """Say which labels speak, of heads of few labels one by one, and what the grave ones miss."""
    rows = [["head", "label", "cases", "guessed", "wanted", "shown", "speaks up", "right then"]]
    told: list[str] = []
    for target, found in facts["metrics"].items():
        labels = {n: row for n, row in found.get("per_class", {}).items() if "shown" in row}
        if len(labels) > _MOST_NAMED:
            told.append(f"- {target}: {_counted(labels)}")
            continue
        for name, row in labels.items():
            numbers = [row["n"], row["said"], found["precision_wanted"], row["shown"]]
            numbers += [row["coverage"], row["precision_spoken"]]
            rows.append([target, _plain(name), *map(_number, numbers)])
    told += [
        f"- {t}: {_missed(m['passed_over'])}"
        for t, m in facts["metrics"].items()
        if "passed_over" in m
    ]
    if len(rows) > 1 or told:
        yield _SPEAKS
        yield _markdown(rows) if len(rows) > 1 else ""
        yield "\n".join(told)


def _counted(labels: Mapping[str, Mapping[str, Any]]) -> str:
    counted = Counter(row["shown"] for row in labels.values())
    silent = [_plain(name) for name, row in labels.items() if row["shown"] == Shown.SILENT]
    named = f" ({', '.join(silent[:_MOST_NAMED])}{' ...' * (len(silent) > _MOST_NAMED)})"
    return ", ".join(f"{counted[how.value]} {how.value}" for how in Shown) + named * bool(silent)


def _missed(passed_over: Mapping[str, Any]) -> str:
    return (
        f"of {passed_over['n']} cases that are {' or '.join(map(_plain, passed_over['labels']))},"
        f" {passed_over['share']:.0%} were surely called something milder; at most"
        f" {passed_over['at_most']:.0%} may be, else the milder labels abstain."
    )


def _abstaining(facts: Mapping[str, Any]) -> Iterator[str]:
    silent = [t for t, found in facts["metrics"].items() if not found.get("coverage")]
    if silent:
        yield f"Always unsure, because no threshold is precise enough: {', '.join(silent)}."
    if facts["abstaining"]:
        yield "No head, because of too little data:"
        yield "\n".join(f"- {target}: {why}" for target, why in facts["abstaining"].items())


def _verdict(verdict: Verdict) -> Iterator[str]:
    yield f"**{verdict.sentence()}**"
    if verdict.outcome is Outcome.FIRST:
        return
    yield "\n".join(f"- {why}" for why in verdict.why)
    for basis in Basis:
        if basis.value in verdict.judged:
            yield title_of(verdict, basis)[:1].upper() + title_of(verdict, basis)[1:] + "."
            yield _markdown(table_of(verdict, basis))
    if verdict.tried:
        yield (
            "Before > now: share of right answers, or expert hours a question. `!` clearly worse,"
            " `?` too few cases to tell a loss beyond the margin."
        )
    rows = [["head", "cases", "by", "ECE before", "now", "worse"]]
    rows += [
        [c.measure, str(c.n), c.basis.value, f"{c.before:.3f}", f"{c.after:.3f}", "!" * c.worse]
        for c in verdict.calibrated
    ]
    yield _markdown(rows) if len(rows) > 1 else ""
    yield "\n".join(f"- {note}" for note in verdict.notes)


def _suggestions(facts: Mapping[str, Any]) -> Iterator[str]:
    gate = facts["gate"]
    yield f"Ranker: {facts['ranker']}. Space: {facts['adaptation']['why']}."
    if not gate["fitted"]:
        yield f"What is shown goes by the shipped gate: {gate['why']}."
        return
    rows = [["language", "shown from", "questions", f"at most {gate['risk']:.0%} wrong"]]
    for name, row in {"pooled": gate["pooled"], **gate["languages"]}.items():
        value = "nothing" if row["value"] is None else f"{row['value']:.3f}"
        tested = "tested" if row["guaranteed"] else "not shown"
        rows.append([name, value, str(row["questions"]), tested])
    yield _markdown(rows)


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _plain(name: str) -> str:
    return name.replace("|", "/").replace("\n", " ")


def _number(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
