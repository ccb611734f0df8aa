"""/lead/taxonomy/{target}/{label}: one label: how it is filed, asked about, learnt, with examples.

In: how a page speaks, a target, a label. Out: values for a template. Words of cases and asks are
shown as whoever leads the forum may read them; words that are kept no more are said to be gone.
Not here: counting (taxonomy), the list of labels (taxonomy).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from triage import store
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.taxonomy import (
    label_said,
    precision_cell,
    standing_cell,
)
from triage.api.pages.lead.taxonomy_reading import read_taxonomy
from triage.classify import telling_words
from triage.errors import BadField, TriageError
from triage.kept import kept_question
from triage.records import Case, Target
from triage.taxonomy import WINDOW, LabelCount, Taxonomy

_MOST_CASES, _MOST_ASKS, _MOST_WORDS = 5, 5, 14
_LONGEST = 280
# By which of these a figure of the analyst's pages can be narrowed.
_NARROWS = frozenset({Target.TOPIC})


@dataclass(frozen=True, slots=True)
class Example:
    """A case or an ask: its words, and where more of it is."""

    id: str
    title: str
    body: str
    lang: str | None
    at: datetime | None
    product: str | None
    explanation: str | None = None


def one_label(here: Here, target: Target, label: str) -> Mapping[str, Any]:
    """Return what the page shows. Raises BadField for a label that is nowhere."""
    found = read_taxonomy(here, target)
    row = found.of(label)
    if row is None:
        raise BadField("label", "is none of this target's labels")
    since = here.now - WINDOW
    made_up = here.installation.settings.demo
    with here.database().read() as c:
        forum_id = here.forum.id
        spelt = list(row.spellings)
        cases = store.cases_labelled(c, forum_id, target, spelt, _MOST_CASES) if spelt else ()
        examples = [_case(one) for one in cases][:_MOST_CASES]
        # Of a label that was said seldom nobody looks for more than there are.
        most = min(_MOST_ASKS, row.said)
        ids = (
            store.asks_said(c, forum_id, target, row.label, since, most, include_simulated=made_up)
            if most
            else []
        )
        asked = [_ask(one) for one in (store.get_triage(c, forum_id, i) for i in ids) if one]
    return {
        "target": str(target),
        "target_said": here.part(f"target_{target}"),
        "label": row.label,
        "label_said": label_said(here, target, row.label),
        "back": href("taxonomy", target=str(target)),
        "standing": standing_cell(here, row),
        "standing_is": here.part(f"standing_{row.standing}_is"),
        "facts": _facts(here, found, row),
        "spellings": [(name, here.numbers.count(n)) for name, n in row.spellings.items()],
        "words": _words(here, target, row.label),
        "cases": examples,
        "asked": asked,
        "review": href("review"),
        "analytics": f"/analytics?{urlencode({target.value: row.label})}"
        if target in _NARROWS and row.asked
        else None,
    }


def _facts(here: Here, found: Taxonomy, row: LabelCount) -> list[tuple[str, str]]:
    numbers, part = here.numbers, here.part
    langs = ", ".join(
        f"{here.name_of('lang', lang) if lang else part('no_lang')} {numbers.count(n)}"
        for lang, n in row.langs.items()
    )
    told = [
        (part("head_cases"), f"{numbers.count(row.cases)}" + (f" ({langs})" if langs else "")),
        (part("last_case"), numbers.day(row.last)),
        (
            part("head_asked"),
            part(
                "asked_n",
                said=numbers.count(row.said),
                unsure=numbers.count(row.unsure),
                all=numbers.count(found.asks),
            ),
        ),
    ]
    learnt = row.learnt
    if learnt is not None:
        precision = precision_cell(here, row)
        span = f" ({precision.hint})" if precision.hint else ""
        told += [
            (part("head_precision"), f"{precision.text}{span}"),
            (part("head_coverage"), numbers.share(learnt.coverage)),
            (part("speaks_from"), _from(here, learnt.speaks_from)),
            (part("shown_how"), part(f"shown_{learnt.alone}")),
        ]
    return told


def _from(here: Here, probability: float | None) -> str:
    return here.part("never") if probability is None else here.numbers.share(probability)


def _words(here: Here, target: Target, label: str) -> list[str]:
    """Return the words that speak for the label; none while no model can be opened."""
    try:
        classifier = here.caller.desk.parts().classifier
    except TriageError:
        return []
    return [] if classifier is None else telling_words(classifier, target, label, _MOST_WORDS)


def _case(case: Case) -> Example:
    return Example(
        case.id, case.title, _shortened(case.body), case.lang, case.created, case.product
    )


def _ask(row: store.TriageRow) -> Example:
    question = kept_question(row)
    return Example(
        row.ask_id,
        question.title,
        _shortened(question.body),
        question.lang,
        row.at,
        question.product,
        f"/v1/triage/{row.triage_id}/explanation" if question.title or question.body else None,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
