"""Questions -> labels: kind, topic, severity, difficulty, destination.

In: titles and bodies, redacted, with their encoder rows. Out: one calibrated Label per target
and question, abstaining where the head was not sure enough or was never trained.
Not here: fitting (learn), what to do with a label (decide), opening the file (bundle).
"""

from triage.classify.features import Featuriser, fit_featuriser
from triage.classify.heads import ABSTAIN_ALWAYS, EASY, HARD, HARD_FROM, Classifier, Head, soften

__all__ = [
    "ABSTAIN_ALWAYS",
    "EASY",
    "HARD",
    "HARD_FROM",
    "Classifier",
    "Featuriser",
    "Head",
    "fit_featuriser",
    "soften",
]
