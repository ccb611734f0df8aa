"""Questions -> labels: kind, topic, severity, difficulty, destination.

In: titles and bodies, redacted, with their encoder rows. Out: one calibrated Label per target
and question, abstaining where the head was not sure enough or was never trained.
Not here: fitting (learn), what to do with a label (decide), opening the file (bundle).
"""

from triage.classify.attribution import Attribution, Name, attribute
from triage.classify.explaining import Explanation, Pull, explain
from triage.classify.facts import UNKNOWN, Facts, facts_of
from triage.classify.features import Featuriser, Origin, fit_featuriser
from triage.classify.heads import ABSTAIN_ALWAYS, EASY, HARD, HARD_FROM, Classifier, Head, soften
from triage.classify.scope import SHARPNESS, Known, Scope, unit
from triage.classify.spelling import label_key
from triage.classify.telling import telling_words

__all__ = [
    "ABSTAIN_ALWAYS",
    "EASY",
    "HARD",
    "HARD_FROM",
    "SHARPNESS",
    "UNKNOWN",
    "Attribution",
    "Classifier",
    "Explanation",
    "Facts",
    "Featuriser",
    "Head",
    "Known",
    "Name",
    "Origin",
    "Pull",
    "Scope",
    "attribute",
    "explain",
    "facts_of",
    "fit_featuriser",
    "label_key",
    "soften",
    "telling_words",
    "unit",
]
