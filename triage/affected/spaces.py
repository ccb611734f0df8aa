"""An encoder -> the name of its vectors of questions, and how alike two must be to mean the same.

In: an encoder. Out: the name under which the store keeps its vectors; a `Sameness`. What is
shipped was measured for the shipped encoder. Of another it is only found out how much in common
unrelated questions have there; then what is nearly the same text means the same, and no more.
Not here: making vectors (encode), measuring sameness (insight, benchmarks).
"""

import threading

import numpy as np

from triage.embedding import space_of
from triage.encode import Encoder, TextRole
from triage.insight import Odds, Sameness, shipped_sameness
from triage.records import LANGUAGES

# Questions that have nothing in common but that they are asked.
_UNRELATED = (
    "How do I change the colour of the footer?",
    "The bank feed has brought no transactions since Friday",
    "Can I get the annual report as a spreadsheet?",
    "My colleague cannot sign in with the new phone",
    "Printing labels takes several minutes",
    "Where do I see which holidays are left for each employee?",
    "The warehouse scanner loses its connection",
    "We would like to delete a supplier that was entered twice",
    "What does the yellow triangle beside the project mean?",
    "Reminders are sent in the wrong language",
    "How many users does the small licence allow?",
    "The map on the start page stays grey",
)
# Of the way from unrelated to equal, so much has to be behind two texts that mean the same.
_ALIKE = 0.6
_SLOPE = 40.0
# Equal texts among equal ones stand at 0.3 (insight.sameness): they have to be together.
_CROWDED = 0.28
_BAR = 0.26

_known: dict[str, Sameness] = {}
_lock = threading.Lock()


def space(encoder: Encoder) -> str:
    """Name the vectors that this encoder makes of what people ask."""
    return space_of(encoder, TextRole.QUERY)


def sameness_of(encoder: Encoder) -> Sameness:
    """Return how likely texts are to mean the same, by this encoder's vectors; found out once."""
    with _lock:
        if encoder.id not in _known:
            shipped = shipped_sameness()
            fits = shipped.encoder_id == encoder.id
            _known[encoder.id] = shipped if fits else _careful(encoder)
        return _known[encoder.id]


def _careful(encoder: Encoder) -> Sameness:
    rows = encoder.encode(list(_UNRELATED), TextRole.QUERY)
    # What all questions have in common there says nothing of any of them.
    common = rows.mean(axis=0)
    centred = rows - common
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    cosines = centred @ centred.T
    np.fill_diagonal(cosines, -1.0)
    nearest = cosines.max(axis=1)
    even = float(nearest.max() + _ALIKE * (1.0 - nearest.max()))
    return Sameness(
        encoder_id=encoder.id,
        means=dict.fromkeys((*LANGUAGES, ""), common),
        alone=Odds(_SLOPE, -_SLOPE * even),
        crowded=Odds(_SLOPE, -_SLOPE * _CROWDED),
        bar=_BAR,
        typical=float(max(nearest.mean(), 0.0)),
        fitted_on="how alike unrelated questions are",
    )
