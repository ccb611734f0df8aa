"""How surely the same problem is told from another one, by cosine and against its surroundings.

    python benchmarks/returns.py

Pairs of the sample's cases with one product: of one problem (`problems.jsonl`) or of two, of one
language or of two. For each share of wrong pairs that a threshold may let through it prints the
share of right ones that it finds; the deviations are those of `triage/measuring/returning.py`,
with all cases of a language as surroundings. Last, pairs of one person. One line of JSON each.
"""

import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.encode import TextRole, open_encoder
from triage.measuring.returning import FAR, NEAR

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
_WRONG = (0.1, 0.05, 0.02, 0.01)
Floats = NDArray[np.float64]


def main() -> None:
    """Encode the cases, compare all pairs, print."""
    cases = _read("cases.jsonl")
    problem = {c: row["problem"] for row in _read("problems.jsonl") for c in row["cases"]}
    encoder = open_encoder("shipped")
    assert encoder is not None
    texts = [f"{case['title']}\n{case['body']}".strip() for case in cases]
    vectors = np.vstack([encoder.encode([text], TextRole.QUERY) for text in texts])
    cosine = (vectors @ vectors.T).astype(np.float64)
    lang, product = (np.array([str(c.get(n)) for c in cases]) for n in ("lang", "product"))
    named = np.array([problem.get(case["id"], case["id"]) for case in cases])
    deviations = _deviations(cosine, lang)
    one, other = np.triu_indices(len(cases), 1)
    same, alike = named[one] == named[other], product[one] == product[other]
    for which, among in (("one", lang[one] == lang[other]), ("two", lang[one] != lang[other])):
        for name, table in (("cosine", cosine), ("deviations", deviations)):
            near = table[one, other]
            wrong, right = near[~same & among & alike], near[same & among]
            for share in _WRONG:
                at = float(np.quantile(wrong, 1 - share))
                found = float((right >= at).mean())
                told = {"languages": which, "by": name, "wrong": share, "at": at, "found": found}
                _say(told)
    persons: dict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(cases):
        if case.get("user"):
            persons[case["user"]].append(place)
    pairs = [p for places in persons.values() for p in combinations(places, 2)]
    apart = np.array([deviations[a, b] for a, b in pairs if named[a] != named[b]])
    of_one = deviations[one, other][same & (lang[one] == lang[other])]
    parted = {"pairs_of_one_problem": len(of_one), "parted": float((of_one < FAR).mean())}
    _say({**parted, "two_problems_of_one_person_parted": float((apart < FAR).mean())})
    _say({"pairs_of_one_person": len(apart), "wrong_at_near": float((apart >= NEAR).mean())})


def _deviations(cosine: Floats, lang: NDArray[np.str_]) -> Floats:
    """Return by how many standard deviations each pair is nearer than others are to each of it."""
    own = cosine.copy()
    np.fill_diagonal(own, np.nan)
    mean, spread = np.zeros_like(cosine), np.zeros_like(cosine)
    for name in set(lang.tolist()):
        there = lang == name
        mean[:, there] = np.nanmean(own[:, there], axis=1, keepdims=True)
        spread[:, there] = np.nanstd(own[:, there], axis=1, keepdims=True)
    seen = (cosine - mean) / spread
    both: Floats = (seen + seen.T) / 2
    return both


def _read(name: str) -> list[dict[str, Any]]:
    lines = (SAMPLE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _say(told: dict[str, Any]) -> None:
    rounded = {n: round(v, 3) if isinstance(v, float) else v for n, v in told.items()}
    print(json.dumps(rounded), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
