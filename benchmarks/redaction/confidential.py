"""Sentences of ours -> the weights of `triage.text.confidential`, and how well they tell.

In: TALK, the sample's cases and drafts. Out: weights and figures on standard output.
`python -m benchmarks.redaction.confidential` prints both; `--fit` the weights alone.
Not here: the sentences (talk), the signs (triage.text.telling).
"""

import json
import sys
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.redaction.talk import talk
from benchmarks.sets import SAMPLE
from triage.text.confidential import confidential, signs
from triage.text.telling import SIGNS

_FROM = 0.5
# The weight of what is rare in our sentences must not run away.
_STRENGTH = 3.0


def fit() -> tuple[float, dict[str, float]]:
    """Fit bias and weights on the sentences that may be looked at and on the sample's cases.

    The cases that a community answered are none; those about licences and billing that an expert
    had to answer are. What else experts answered may be either and is left out.
    """
    rows = [*talk("seen"), *talk("seen"), *sample_cases()]
    names = list(SIGNS)
    seen = np.array([[name in signs(text) for name in names] for _, _, text in rows], float)
    model = LogisticRegression(C=_STRENGTH, max_iter=1000)
    model.fit(seen, [told for _, told, _ in rows])
    weights = dict(zip(names, model.coef_[0].round(2).tolist(), strict=True))
    return round(float(model.intercept_[0]), 2), weights


def sample_cases() -> list[tuple[str, bool, str]]:
    """Return the sample's cases of which it is known whether they are confidential."""
    rows = [json.loads(row) for row in (SAMPLE / "cases.jsonl").open(encoding="utf-8")]
    return [
        (row["lang"], row["destination"] == "expert", f"{row['title']}\n{row['body']}")
        for row in rows
        if row["destination"] == "community" or row["topic"] == "licence_billing"
    ]


def judge(rows: Sequence[tuple[str, bool, str]]) -> dict[str, float]:
    """Return recall and precision from one half on, and the Brier score."""
    told = np.array([wanted for _, wanted, _ in rows])
    said = np.array([confidential(text) for _, _, text in rows])
    found = said >= _FROM
    return {
        "n": len(rows),
        "recall": float(found[told].mean()),
        "precision": float(told[found].mean()) if found.any() else 1.0,
        "brier": float(((said - told) ** 2).mean()),
    }


def main() -> None:
    """Print weights and figures."""
    bias, weights = fit()
    sys.stdout.write(f"bias {bias}\n{json.dumps(weights, indent=4)}\n")
    for split in ("seen", "blind"):
        sys.stdout.write(f"{split}: {json.dumps(judge(list(talk(split))))}\n")
    for file in ("cases", "drafts"):
        rows = [json.loads(row) for row in (SAMPLE / f"{file}.jsonl").open(encoding="utf-8")]
        for way in ("community", "expert"):
            texts = [f"{r['title']}\n{r['body']}" for r in rows if r.get("destination") == way]
            share = float(np.mean([confidential(text) >= _FROM for text in texts]))
            sys.stdout.write(f"sample {file}, {way}: {len(texts)}, {share:.3f} confidential\n")


if __name__ == "__main__":
    main()
