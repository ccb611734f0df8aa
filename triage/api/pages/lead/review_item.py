"""One item of the review queue -> what a person reads of it, and what they may say.

In: a row of the queue, what it is about, what may be chosen. Out: the text, why it is here, and the
groups of labels of its form. Of an item that was drawn by lot nothing that the model said is in
any of it before somebody has decided: it would sway them, and the estimate with them.
Not here: why the model says so (review_evidence), what a form sent (review_sent).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.api.pages.lead.here import Here
from triage.kept import read_labels
from triage.records import Label, Labels, Target
from triage.reviewing import ASKED, Subject
from triage.store import ReviewReason, ReviewRow, ReviewState

# So many of a long list can be chosen at once; others are typed.
_TOPICS, _ALL_TOPICS = 6, 24
_KEYS = 9

Choices = Mapping[Target, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Option:
    """One label that can be chosen. `sure` is how sure the model is of it, `filed` that it has it.

    `key` is the digit that chooses it, or nothing.
    """

    value: str
    said: str
    key: str
    sure: str
    filed: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The labels of one target. `guess` is what the model says, or nothing; `note` how it says it;
    `doubted`: it is why the item is here.

    `typed` is what was typed instead of choosing, None where nothing can be.
    """

    target: str
    title: str
    doubted: bool
    note: str
    options: Sequence[Option]
    guess: str
    typed: str | None
    names: Sequence[str]

    @property
    def left_open(self) -> bool:
        """Whether nothing is chosen."""
        return not self.typed and not any(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Compared:
    """What the model said of a target and what a person said, each in words."""

    title: str
    machine: str
    person: str
    differs: bool


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One item as people read it; `asked` are the groups in question, `more` the other ones."""

    row: ReviewRow
    reason: str
    because: str
    title: str
    body: str
    lang: str | None
    at: datetime | None
    facts: Sequence[tuple[str, str]]
    asked: Sequence[Group]
    more: Sequence[Group]
    compared: Sequence[Compared]

    @property
    def waits(self) -> bool:
        """Whether somebody may still decide, also of what was skipped or had become too old."""
        return self.row.state is not ReviewState.DECIDED


def item_shown(
    here: Here, row: ReviewRow, subject: Subject, choices: Choices, typed: Mapping[str, str]
) -> ItemShown:
    """Return an item as it is read; `typed` is what a form that could not be saved held."""
    question = subject.question
    # In one order for all items: hands learn it.
    targets = [target for target in ASKED if target in row.targets]
    # Of a doubtful label nothing else is asked.
    whole = bool(targets) and row.reason is not ReviewReason.LABEL_ERROR
    others = [target for target in ASKED if whole and target not in targets]
    made = [_group(here, row, target, choices, typed) for target in targets]
    more = [_group(here, row, target, choices, typed) for target in others]
    return ItemShown(
        row=row,
        reason=here.part(f"reason_{row.reason}"),
        because=because(here, row),
        title=question.title,
        body=question.body,
        lang=question.lang or None,
        at=subject.at,
        facts=[(here.part(name), said) for name, said in _facts(here, subject)],
        asked=made,
        more=more,
        compared=[] if row.blind else list(_compared(here, row)),
    )


def because(here: Here, row: ReviewRow) -> str:
    """Return why an item is in the queue, in a sentence."""
    found, labels = row.evidence, said_of(row)
    target = Target(row.targets[0]) if row.targets else None
    match row.reason:
        case ReviewReason.LABEL_ERROR if target is not None and "likelier" in found:
            return here.part(
                "because_label_error_so",
                what=here.part(target),
                label=named(here, target, found["label"]),
                likelier=named(here, target, found["likelier"]),
                sure=here.numbers.share(found.get("probability")),
            )
        case ReviewReason.UNCERTAIN if target is not None and _second(labels.get(target)):
            return _unsure(here, target, labels[target])
        case ReviewReason.DISAGREEING if target is not None and target in found:
            machine, near = found[target][0], found[target][1]
            told = {"machine": named(here, target, machine), "near": named(here, target, near)}
            return here.part("because_disagreeing_so", what=here.part(target), **told)
        case ReviewReason.NOVEL if isinstance(found.get("nearest"), int | float):
            return here.part("because_novel_so", near=here.numbers.number(found["nearest"]))
        case ReviewReason.OVERRIDDEN | ReviewReason.REROUTED:
            return " ".join([here.part(f"because_{row.reason}"), *_changed(here, found)])
        case _:
            return here.part(f"because_{row.reason}")


def said_of(row: ReviewRow) -> Labels:
    """Return what the model said of an item when it was drawn."""
    return read_labels({"labels": row.said})


def named(here: Here, target: str, value: str | int | float | None) -> str:
    """Return what a label is called; topics are called what they are."""
    if value is None or value == "":
        return here.part("nothing_said")
    key = {
        Target.KIND: f"lead_review.kind_{value}",
        Target.SEVERITY: f"value.severity_{value}",
        Target.DESTINATION: f"value.{value}",
    }.get(Target(target), "")
    return here.say(key) if here.has(key) else str(value)


def _unsure(here: Here, target: Target, label: Label) -> str:
    second, chance = label.alternatives[0]
    return here.part(
        "because_uncertain_so",
        what=here.part(target),
        first=named(here, target, label.value),
        sure=here.numbers.share(label.probability),
        second=named(here, target, second),
        less=here.numbers.share(chance),
    )


def _second(label: Label | None) -> bool:
    return label is not None and label.value is not None and bool(label.alternatives)


def _changed(here: Here, found: Mapping[str, object]) -> Iterator[str]:
    """Say each head that people changed: from what to what."""
    for target in ASKED:
        change = found.get(target)
        if isinstance(change, list | tuple) and len(change) == 2:
            before, after = (named(here, target, one) for one in change)
            yield here.part("changed", what=here.part(target), before=before, after=after)


def _facts(here: Here, subject: Subject) -> Iterator[tuple[str, str]]:
    question = subject.question
    if question.lang:
        yield "language", here.name_of("lang", question.lang)
    for name, value in (
        ("product", question.product),
        ("version", question.version),
        ("account", subject.account),
    ):
        if value:
            yield name, value
    if question.customer_severity is not None:
        yield "customer_severity", named(here, Target.SEVERITY, question.customer_severity)


def _group(
    here: Here, row: ReviewRow, target: Target, choices: Choices, typed: Mapping[str, str]
) -> Group:
    label = None if row.blind else said_of(row).get(target)
    chances = _chances(label)
    filed = row.evidence.get("label") if row.reason is ReviewReason.LABEL_ERROR else None
    own = target in row.targets[:1] and filed is not None
    if own:
        chances[str(row.evidence.get("likelier"))] = row.evidence.get("probability")
    values = _values(row, target, choices.get(target, ()), [str(filed)] if own else [], chances)
    options = [
        Option(
            value,
            named(here, target, value),
            str(place) if place <= _KEYS else "",
            "" if chances.get(value) is None else here.numbers.share(chances[value]),
            own and value == str(filed),
            typed.get(target) == value,
        )
        for place, value in enumerate(values, start=1)
    ]
    topic = target is Target.TOPIC
    return Group(
        target.value,
        here.part(target),
        not row.blind and len(row.targets) > 1 and target == row.targets[0],
        _note(here, row, label),
        options,
        _guess(row, label, own),
        typed.get(f"{target}_other", "") if topic else None,
        list(choices.get(target, ())) if topic else [],
    )


def _note(here: Here, row: ReviewRow, label: Label | None) -> str:
    """Return how the model says a label where that is no plain word."""
    if row.blind:
        return ""
    if label is None or label.value is None:
        return here.part("model_none")
    return here.part("model_silent") if label.abstained else ""


def _guess(row: ReviewRow, label: Label | None, own: bool) -> str:
    if own:
        return str(row.evidence.get("likelier") or "")
    return "" if label is None or label.value is None else str(label.value)


def _chances(label: Label | None) -> dict[str, float | None]:
    if label is None or label.value is None:
        return {}
    return {str(label.value): label.probability, **{str(v): p for v, p in label.alternatives}}


def _values(
    row: ReviewRow,
    target: Target,
    known: Sequence[str],
    first: Sequence[str],
    chances: Mapping[str, float | None],
) -> list[str]:
    """Return what can be chosen at once: of few labels all in one order, of topics the likely."""
    if target is not Target.TOPIC:
        return list(known)
    if row.blind:
        return sorted(known[:_ALL_TOPICS])
    likely = sorted(chances, key=lambda value: -(chances[value] or 0))
    return list(dict.fromkeys([*first, *likely, *known]))[:_TOPICS]


def _compared(here: Here, row: ReviewRow) -> Iterator[Compared]:
    """Tell what the model said of each target that the person spoke of, and what they said."""
    if row.state is not ReviewState.DECIDED or not row.labels:
        return
    said = said_of(row)
    for target in ASKED:
        label, person = said.get(target), row.labels.get(target)
        machine = None if label is None or label.value is None else str(label.value)
        if person is None:
            continue
        sure = "" if machine is None or label is None else here.numbers.share(label.probability)
        yield Compared(
            here.part(target),
            f"{named(here, target, machine)} {sure}".strip(),
            named(here, target, person),
            machine is not None and machine != person,
        )
