"""What is told of a prediction to leads, field by field.

In: an explanation, and the kept reply it is of. Out: the reply. Also `target:class` as it is asked
for in an address or on the command line.
Not here: the arithmetic (classify), who may see it (access).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from triage.api.schemas.policy import DecisionReply
from triage.api.schemas.triage import LabelReply, Told
from triage.classify import Explanation, Origin, Pull
from triage.errors import BadField
from triage.explanation import Explained
from triage.kept import decision_of, kept_question
from triage.nearest import NearCase
from triage.records import Arm, Label, Target
from triage.store import TriageRow

MOST_TOLD = 12
_DIGITS = 4


class MovedReply(Told):
    """One thing that moved a prediction, and towards which of the two classes."""

    kind: Literal["words", "form", "fact", "meaning", "rest"] = Field(
        description="`words` of the question, a sign of its `form`, a `fact` of its account or of"
        " how it came, its `meaning` as the encoder has it, or the `rest` together."
    )
    text: str | None = Field(description="The word or phrase, where the kind is `words`.")
    sign: str | None = Field(description="The sign or the fact, where the kind is that.")
    level: Literal["more", "less"] | None = Field(
        description="Whether the question has more or less of the sign than is usual."
    )
    towards: str
    weight: float = Field(description="Log-odds, never below 0.")

    @classmethod
    def of(cls, pull: Pull, explanation: Explanation) -> "MovedReply":
        """Tell what one thing did."""
        name = pull.name
        is_text, is_sign = name.origin is Origin.WORDS, name.origin in (Origin.FORM, Origin.FACT)
        return cls(
            kind=name.origin.value,
            text=name.text if is_text else None,
            sign=name.text if is_sign else None,
            level=None if name.more is None else "more" if name.more else "less",
            **_direction(explanation, pull.log_odds),
        )

    @classmethod
    def of_rest(cls, pulls: Sequence[Pull], explanation: Explanation) -> "MovedReply":
        """Tell what all the weaker things did together."""
        total = sum(pull.log_odds for pull in pulls)
        return cls(kind="rest", text=None, sign=None, level=None, **_direction(explanation, total))


class PredictionReply(LabelReply):
    """A prediction and what moved it; `moved_by` is empty where there is no head."""

    explained: str | None = Field(description="The predicted class, of which `moved_by` speaks.")
    against: str | None = Field(description="The class that it is compared with.")
    log_odds: float | None = Field(
        description="Of `explained` against `against`: `base` and all weights, those towards"
        " `against` counted negative."
    )
    base: float | None = Field(description="The part that stands whatever the question.")
    moved_by: list[MovedReply]

    @classmethod
    def explaining(cls, label: Label, why: Explanation | None) -> "PredictionReply":
        """Tell a label and why it is what it is."""
        told = dict(LabelReply.of(label))
        if why is None:
            return cls(**told, explained=None, against=None, log_odds=None, base=None, moved_by=[])
        moved = [MovedReply.of(pull, why) for pull in why.pulls[:MOST_TOLD]]
        if rest := why.pulls[MOST_TOLD:]:
            moved.append(MovedReply.of_rest(rest, why))
        return cls(
            **told,
            explained=why.explained,
            against=why.against,
            log_odds=round(why.log_odds, _DIGITS),
            base=round(why.base, _DIGITS),
            moved_by=moved,
        )


class NearCaseReply(Told):
    """A labelled case whose text is near to the question's; a label that it lacks is null."""

    case_id: str
    title: str
    similarity: float = Field(description="Cosine of the encoder's vectors, at most 1.")
    kind: str | None
    topic: str | None
    severity: int | None
    difficulty: float | None
    destination: str | None
    tone: str | None

    @classmethod
    def of(cls, near: NearCase) -> "NearCaseReply":
        """Tell a case, without its text and persons."""
        case = near.case
        return cls(
            case_id=case.id,
            title=case.title,
            similarity=round(near.similarity, _DIGITS),
            kind=case.kind,
            topic=case.topic,
            severity=case.severity,
            difficulty=case.difficulty,
            destination=case.destination,
            tone=case.tone,
        )


class WithheldReply(Told):
    """A suggestion that the asker, who is of the holdout, did not get."""

    thread_id: str
    answer_id: str | None
    rank: int
    probability: float

    @classmethod
    def kept(cls, reply: Mapping[str, Any]) -> list["WithheldReply"]:
        """Tell what was withheld from a reply as it is kept."""
        found = (reply.get("withheld") or {}).get("suggestions", ())
        return [cls(**{name: one[name] for name in cls.model_fields}) for one in found]


class ExplanationReply(Told):
    """Why a question is labelled as it is by the model that is live now."""

    triage_id: str | None
    model_version: str | None = Field(description="The version that explains: the live one.")
    reply_model_version: str | None = Field(description="The version that made the reply.")
    same_model: bool | None = Field(description="Whether they are one; null without a reply.")
    predictions: dict[Target, PredictionReply]
    nearest_cases: list[NearCaseReply]
    cases_compared: int | None = Field(
        description="Among how many labelled cases they are the nearest; null without an encoder."
    )
    decision: DecisionReply | None = Field(
        description="As it was made when it was replied; null without a reply."
    )
    arm: Arm | None = Field(
        description="Of the ask: from the `holdout` suggestions are withheld; null without a reply."
    )
    withheld: list[WithheldReply] = Field(
        description="What an asker of the holdout did not get; empty in a visitor's name."
    )

    @classmethod
    def of(cls, found: Explained, row: TriageRow | None, *, reads_all: bool) -> "ExplanationReply":
        """Tell an explanation, and of which reply it is.

        What was withheld may be of any group: it is for who `reads_all` alone.
        """
        made_by = row.model_version if row else None
        return cls(
            triage_id=row.triage_id if row else None,
            model_version=found.model_version,
            reply_model_version=made_by,
            same_model=None if row is None else made_by == found.model_version,
            predictions={
                target: PredictionReply.explaining(
                    found.labels.get(target, Label()), found.explanations.get(target)
                )
                for target in Target
            },
            nearest_cases=[NearCaseReply.of(near) for near in found.nearest.cases],
            cases_compared=found.nearest.compared,
            decision=None if row is None else _decision(row),
            arm=None if row is None else row.reply.get("arm"),
            withheld=WithheldReply.kept(row.reply) if row and reads_all else [],
        )


def read_against(asked: Iterable[str]) -> Mapping[Target, str]:
    """Read classes to compare with, each as `target:class`. Raises BadField."""
    found: dict[Target, str] = {}
    for one in asked:
        target, colon, name = one.partition(":")
        if target not in set(Target) or not colon or not name:
            raise BadField("against", "must be a target and one of its classes, as in `kind:bug`")
        found[Target(target)] = name
    return found


def _decision(row: TriageRow) -> DecisionReply:
    return DecisionReply.of(decision_of(row.reply["decision"]), kept_question(row).lang)


def _direction(explanation: Explanation, log_odds: float) -> dict[str, str | float]:
    towards = explanation.explained if log_odds >= 0 else explanation.against
    return {"towards": towards, "weight": round(abs(log_odds), _DIGITS)}
