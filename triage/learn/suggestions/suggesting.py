"""What threads teach: how to rank them, what may be shown, and which answers help.

In: what a forum knows. Out: the parts of a bundle that make suggestions, and their facts.
Not here: the single parts (space, gating, answering), heads (heads).
"""

from dataclasses import dataclass
from typing import Any

from triage import store
from triage.decide.gate import RISK
from triage.embedding import Progress
from triage.encode import Encoder
from triage.learn.suggestions.adaptation import AdaptationOptions
from triage.learn.suggestions.adaptation_fit import FactorOptions
from triage.learn.suggestions.answering import Answered, learn_quality
from triage.learn.suggestions.gating import Gated, GateOptions
from triage.learn.suggestions.known import Known
from triage.learn.suggestions.space import Space, fit_gate_of, fit_space
from triage.rank.answer_quality import AnswerQuality, load_quality
from triage.records import Side


@dataclass(frozen=True, slots=True)
class SuggestOptions:
    """Whether the space is adapted, and how much of what is shown may be wrong."""

    seed: int = 0
    adapt: bool = True
    risk: float = RISK


@dataclass(frozen=True, slots=True, eq=False)
class Suggesting:
    """What was learnt for suggestions."""

    space: Space
    gated: Gated
    answered: Answered

    @property
    def quality(self) -> AnswerQuality | None:
        """The forum's own weights of answers, where it has any."""
        return self.answered.quality if self.answered.fitted else None

    @property
    def facts(self) -> dict[str, Any]:
        """What the manifest and the caller are told."""
        return {
            "ranker": self.space.ranker.fitted_on,
            "adaptation": dict(self.space.facts),
            "gate": dict(self.gated.facts),
            "reliability": dict(self.gated.reliability),
            "answer_quality": {"fitted": self.answered.fitted, **self.answered.facts},
        }


def learn_suggesting(
    database: store.Database,
    forum_id: int,
    encoder: Encoder | None,
    known: Known,
    revision: int,
    options: SuggestOptions,
    progress: Progress,
) -> Suggesting:
    """Learn from what a forum knows: its links, accepted answers, and what askers confirmed."""
    answered = learn_quality(known.threads, load_quality(), seed=options.seed)
    progress(f"quality of answers {'fitted' if answered.fitted else 'as shipped'}")
    adapting = AdaptationOptions(fit=FactorOptions(seed=options.seed)) if options.adapt else None
    space = fit_space(database, forum_id, encoder, known, revision, adapting, progress)
    side = Side.LEXICAL if encoder is None else Side.BOTH
    gating = GateOptions(risk=options.risk, seed=options.seed, side=side)
    return Suggesting(space, fit_gate_of(space, known.threads, gating, progress), answered)
