"""What the form of a review item sent -> a verdict, or what is missing of it.

In: fields of a form. Out: a `Verdict` for the queue. An empty field was left open.
Not here: what may be said of an item (review_item), doing it (reviewing).
"""

from collections.abc import Mapping

from triage.answers.publishing import Wanted
from triage.api.pages.lead.here import Here
from triage.api.pages.lead.review_item import named
from triage.records import Target
from triage.reviewing import ASKED, Verdict
from triage.store import ReviewRow, ReviewSubject

COUNT, LEAVE_OUT, APPROVE, REFUSE = "count", "leave_out", "approve", "refuse"
# Who may read what is made of a case; one of them has to be chosen.
EVERYBODY, GROUPS = "everybody", "groups"
# The fields that people type into, what they are called, and whether that may be long.
_TEXTS = (
    ("title", "p_title", False),
    ("body", "p_body", True),
    ("answer", "p_answer", True),
    ("groups", "groups", False),
    ("valid_versions", "p_versions", False),
    ("note", "note", True),
)


class Undecided(Exception):
    """A form that says nothing of its item. `missing` names what is missing, as pages call it."""

    def __init__(self, missing: str) -> None:
        super().__init__(f"Say {missing}.")
        self.missing = missing


def verdict_of(row: ReviewRow, form: Mapping[str, str]) -> Verdict:
    """Return what a form says of an item. Raises Undecided where it says nothing."""
    note = form.get("note", "").strip() or None
    match row.subject:
        case ReviewSubject.BURST:
            return Verdict(note=note, counts=_chosen(form, COUNT, LEAVE_OUT) == COUNT)
        case ReviewSubject.PROPOSAL:
            if _chosen(form, APPROVE, REFUSE) == REFUSE:
                return Verdict(note=note, refuse=True)
            return Verdict(note=note, approve=_wanted(form))
        case _:
            labels = labels_of(form)
            if not labels:
                raise Undecided("label")
            return Verdict(labels=labels, note=note)


def labels_of(form: Mapping[str, str]) -> dict[Target, str]:
    """Return the labels that were chosen; a topic that was typed goes before a ticked one."""
    found = {target: form.get(target.value, "").strip() for target in ASKED}
    typed = form.get(f"{Target.TOPIC}_other", "").strip()
    return {
        **{t: said for t, said in found.items() if said},
        **({Target.TOPIC: typed} if typed else {}),
    }


def yours(here: Here, form: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Return what was typed or chosen in words, for who cannot send it any more; and if it is long.

    A decision by itself is none of it: the button says it again.
    """
    labels = [
        (here.part(target), named(here, target, said), False)
        for target, said in labels_of(form).items()
    ]
    texts = [
        (here.part(word), said, long)
        for field, word, long in _TEXTS
        if (said := form.get(field, "").replace("\r\n", "\n").strip())
    ]
    return [*labels, *texts]


def _chosen(form: Mapping[str, str], *choices: str) -> str:
    said = form.get("decision", "")
    if said not in choices:
        raise Undecided("decision")
    return said


def _wanted(form: Mapping[str, str]) -> Wanted:
    """Return the thread that is wanted; a text that nobody changed is that of the draft."""
    names = (name.strip() for name in form.get("groups", "").replace("\n", ",").split(","))
    groups = frozenset(name for name in names if name)
    if form.get("readers") not in (EVERYBODY, GROUPS) or (form["readers"] == GROUPS and not groups):
        raise Undecided("readers")
    said = {
        name: form.get(name, "").replace("\r\n", "\n").strip()
        for name in ("title", "body", "answer")
    }
    return Wanted(
        groups if form["readers"] == GROUPS else frozenset(),
        **said,
        valid_versions=form.get("valid_versions", "").strip() or None,
    )
