"""Features -> labels: linear heads with calibrated probabilities.

In: a fitted head and rows of features. Out: Labels. A head is plain numbers, so that a bundle
opens without the code that fitted it.
Not here: fitting and choosing thresholds (learn).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triage.classify.facts import Facts
from triage.classify.features import Featuriser, Vectors
from triage.classify.scope import Scope
from triage.records import Label, Labels, Target

EASY, HARD = "easy", "hard"
HARD_FROM = 0.5
ABSTAIN_ALWAYS = 1.01
_ALTERNATIVES = 3

Margins = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """One target's linear model.

    `weights` has shape (features, classes); a probability is the softmax of
    `margin / temperature + bias`, of which the share `lapse` is spread evenly: n cases cannot show
    that a head is never wrong. A label below its own number in `abstain_below`, which has one per
    class, is not to be acted on.
    """

    target: Target
    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    intercept: NDArray[np.float64]
    temperature: float
    bias: NDArray[np.float64]
    lapse: float
    abstain_below: tuple[float, ...]

    def probabilities(self, rows: sparse.csr_matrix) -> Margins:
        """Return one distribution over `classes` per row."""
        margins = np.asarray(rows @ self.weights, dtype=np.float64) + self.intercept
        return soften(margins, self.temperature, self.bias, self.lapse)

    def contrast(
        self, row: sparse.csr_matrix, first: int, second: int
    ) -> tuple[NDArray[np.float64], float]:
        """Take the log-odds of one class against another apart, before the lapse.

        Return what each filled column of the one row adds to them, in the order of `row.data`,
        and what stands whatever the row; together they are the log-odds.
        """
        chosen = self.weights[row.indices][:, [first, second]].astype(np.float64)
        amounts = row.data * (chosen[:, 0] - chosen[:, 1]) / self.temperature
        constant = (self.intercept[first] - self.intercept[second]) / self.temperature
        return amounts, float(constant + self.bias[first] - self.bias[second])


@dataclass(frozen=True, slots=True)
class Classifier:
    """Everything that labels a question; `encoder_id` names the space of the vectors it takes."""

    featuriser: Featuriser
    heads: Mapping[Target, Head]
    encoder_id: str | None
    scope: Scope | None = None

    def predict(
        self,
        titles: Sequence[str],
        bodies: Sequence[str],
        vectors: Vectors | None,
        facts: Sequence[Facts] | None = None,
    ) -> list[Labels]:
        """Label questions; `vectors` are their encoder rows, shape (len(titles), dimension).

        `facts` are what is known besides the words, one value per question.
        A target without a head gets Label(). A head trained with vectors and asked without them
        still answers but always abstains: its probabilities were calibrated with them.
        Raises IndexMismatch on vectors of another dimension.
        """
        if not titles:
            return []
        if not self.heads:
            return [dict.fromkeys(Target, Label()) for _ in titles]
        rows = self.featuriser.transform(titles, bodies, vectors, facts)
        blind = vectors is None and self.featuriser.dimension is not None
        columns = {
            target: _label_all(self.heads[target], rows, blind)
            if target in self.heads
            else [Label()] * len(titles)
            for target in Target
        }
        if self.scope is not None and vectors is not None:
            columns[Target.SCOPE] = self.scope.labels(vectors)
        return [{target: columns[target][i] for target in Target} for i in range(len(titles))]


def soften(
    margins: Margins, temperature: float, bias: NDArray[np.float64], lapse: float = 0.0
) -> Margins:
    """Margins -> probabilities, shape (n, classes); `lapse` of each is spread evenly."""
    logits = margins / temperature + bias
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    spread: Margins = raised / raised.sum(axis=1, keepdims=True)
    softened: Margins = (1 - lapse) * spread + lapse / margins.shape[1]
    return softened


def _label_all(head: Head, rows: sparse.csr_matrix, blind: bool) -> list[Label]:
    return [_label(head, row, blind) for row in head.probabilities(rows)]


def _label(head: Head, probabilities: NDArray[np.float64], blind: bool) -> Label:
    order = np.argsort(-probabilities, kind="stable")[: _ALTERNATIVES + 1]
    ranked = [(head.classes[i], float(probabilities[i])) for i in order]
    best, probability = ranked[0]
    value: str | float = best
    if head.target is Target.DIFFICULTY:
        value = float(probabilities[head.classes.index(HARD)])
    return Label(
        value=value,
        probability=probability,
        alternatives=tuple(ranked[1:]),
        abstained=blind or probability < head.abstain_below[order[0]],
    )
