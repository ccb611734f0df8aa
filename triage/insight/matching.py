"""A draft -> the known issues that it is likely to be about.

In: issues, the draft's vector, language, product, version and error codes. Out: those that fit,
surest first.
Not here: who may read an issue, which of them are shown (callers).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from triage.insight.sameness import Sameness
from triage.insight.values import Fit, Issue, Matched, Vectors
from triage.versions import in_range

LIKELY = 0.5
# What the same error code adds to the log odds that an issue and a question are about one thing.
# With it 98 of 100 pairs of sample texts in two languages that name one code are likelier than not
# (17 by meaning alone). A code that has nothing to do with it does not outweigh another meaning.
_SAME_CODE = 4.0


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a question beside its meaning; `codes` are the error codes it names."""

    lang: str
    product: str | None = None
    version: str | None = None
    codes: frozenset[str] = frozenset()


def matches(
    issues: Sequence[Issue],
    vector: Vectors,
    about: About,
    sameness: Sameness,
    *,
    least: float = LIKELY,
) -> tuple[Matched, ...]:
    """Return the issues that a question is at least so likely to be about, surest first.

    One whose products or versions are known to be others is none of them. What is not known of the
    question, or cannot be understood, rules nothing out: it fits perhaps. An error code that both
    name counts beside the meaning, which is harder to tell across languages.
    """
    row = sameness.place(vector.reshape(1, -1), [about.lang])[0]
    coded = replace(sameness.alone, intercept=sameness.alone.intercept + _SAME_CODE)
    found = []
    for issue in issues:
        fit = fits(issue, about.product, about.version)
        if fit is None or not len(issue.vectors):
            continue
        langs = list(issue.langs) or [issue.lang] * len(issue.vectors)
        cosine = float((sameness.place(np.asarray(issue.vectors), langs) @ row).max())
        odds = sameness.alone if issue.codes.isdisjoint(about.codes) else coded
        probability = odds.probability(cosine)
        if probability >= least:
            found.append(Matched(issue.id, probability, fit))
    return tuple(sorted(found, key=lambda m: (-m.probability, m.fit is Fit.PERHAPS, m.issue_id)))


def fits(issue: Issue, product: str | None, version: str | None) -> Fit | None:
    """Say whether product and version are an issue's; None: they are known not to be."""
    sure = True
    if issue.products:
        if product is not None and product not in issue.products:
            return None
        sure = product is not None
    if issue.versions is not None:
        inside = None if version is None else in_range(version, issue.versions)
        if inside is False:
            return None
        sure = sure and inside is True
    return Fit.AFFECTED if sure else Fit.PERHAPS
