"""Two texts' vectors and languages -> how likely they are to mean the same.

In: encoder rows and languages. Out: cosines that compare across languages, and probabilities.
Two things make plain cosines incomparable. English pairs lie lower than others: what a language has
in common in this encoder's space is taken away first. And some questions lie near to everything:
a cosine is worth less where either of the two has near neighbours anyway (`scaled`).
Not here: fitting (benchmarks.clusters_cold_start), grouping (clustering).
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from triage.errors import BadFile
from triage.insight.values import Codes, Item, Vectors

COLD_START = Path(__file__).with_name("insight_cold_start.json")
_LEAST_LENGTH = 1e-9
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Odds:
    """A number -> a probability: a logistic curve."""

    slope: float
    intercept: float

    def probability(self, value: float) -> float:
        """Return how likely the same meaning is at this value."""
        return float(1 / (1 + np.exp(-np.clip(self.slope * value + self.intercept, -60, 60))))

    @property
    def even(self) -> float:
        """The value at which the same meaning is as likely as not."""
        return self.value(0.5)

    def value(self, probability: float) -> float:
        """Return the value at which the same meaning is so likely."""
        return (math.log(probability / (1 - probability)) - self.intercept) / self.slope


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Which neighbours say how crowded it is around a text, and how much they count.

    In each language those from `first` up to `last`: the nearest are left out since they may mean
    the same. Where a language has no more items than that, nothing is known of its crowds. Whoever
    has something very near in other languages (their `elsewhere` nearest) has probably found its
    translation, so others in its own language count less. `share` is taken off for each side.
    `floored`: who lies apart is not thereby nearer to anybody.
    """

    first: int = 8
    last: int = 20
    share: float = 0.35
    elsewhere: int = 1
    floored: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Sameness:
    """How likely two texts are to mean the same, for the vectors of one encoder.

    `means` are what each language has of its own. `alone` reads a cosine, `crowded` one that was
    scaled by its surroundings; from `bar` on, in the mean of all pairs, clusters grow together.
    `typical` is the similarity of neighbours where nothing is crowded, or too few are known.
    """

    encoder_id: str
    means: Mapping[str, Vectors]
    alone: Odds
    crowded: Odds
    bar: float
    typical: float
    fitted_on: str
    surroundings: Surroundings = Surroundings()

    def place(self, vectors: Vectors, langs: Sequence[str]) -> Vectors:
        """Return unit rows without what belongs to their languages; unknown ones stay."""
        rows = np.array(vectors, dtype=np.float32)
        given = np.asarray(langs)
        for lang, mean in self.means.items():
            rows[given == lang] -= mean
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _LEAST_LENGTH)
        return rows


class Crowd:
    """Items (at least one) in their places, and how crowded it is around each in each language."""

    def __init__(self, items: Sequence[Item], sameness: Sameness) -> None:
        self.items = items
        self.sameness = sameness
        langs = [item.lang for item in items]
        self.langs = sorted(set(langs))
        self.codes: Codes = np.array([self.langs.index(lang) for lang in langs], dtype=np.int64)
        self.rows = sameness.place(np.stack([item.vector for item in items]), langs)

    @cached_property
    def around(self) -> Vectors:
        """The similarity of the neighbours of every item in every language."""
        every = np.arange(len(self.items))
        blocks = [every[i : i + _BLOCK] for i in range(0, len(every), _BLOCK)]
        empty = np.empty((0, len(self.langs)), dtype=np.float32)
        return np.concatenate([empty, *(self.around_some(block) for block in blocks)])

    def around_some(self, chosen: Codes) -> Vectors:
        """Return the similarity of the neighbours of some items, a row each."""
        cosines = self.rows[chosen] @ self.rows.T
        cosines[np.arange(len(chosen)), chosen] = -np.inf  # nobody is their own neighbour
        columns = [self._nearest(cosines[:, self.codes == k]) for k in range(len(self.langs))]
        found = np.stack([self._near(each) for each in columns], axis=1)
        own = self.codes[chosen]
        every = np.arange(len(chosen))
        found[every, own] = np.maximum(found[every, own], self._elsewhere(columns, own))
        return found

    def _nearest(self, cosines: Vectors) -> Vectors:
        """Return those of one language that count, the nearest first; none where few are known."""
        seen = self.sameness.surroundings
        if cosines.shape[1] <= seen.last:
            return cosines[:, :0]
        ranks = (seen.elsewhere, seen.first, seen.last)
        return -np.partition(-cosines, ranks, axis=1)[:, : seen.last]

    def _near(self, nearest: Vectors) -> Vectors:
        """Return the mean of the neighbours; who lies apart is not thereby nearer to anybody."""
        typical = np.float32(self.sameness.typical)
        seen = self.sameness.surroundings
        if not nearest.shape[1]:
            return np.full(len(nearest), typical, dtype=np.float32)
        means: Vectors = nearest[:, seen.first :].mean(axis=1).astype(np.float32)
        return np.maximum(means, typical) if seen.floored else means

    def _elsewhere(self, columns: Sequence[Vectors], own: Codes) -> Vectors:
        """Return how near the nearest in the other languages are: their mean; -inf: not known."""
        count = self.sameness.surroundings.elsewhere
        total, known = np.zeros(len(own), dtype=np.float32), np.zeros(len(own), dtype=np.float32)
        for code, nearest in enumerate(columns):
            if count and nearest.shape[1]:
                others = own != code
                total[others] += nearest[others, :count].mean(axis=1)
                known[others] += 1
        found: Vectors = np.where(known > 0, total / np.maximum(known, 1), np.float32(-np.inf))
        return found

    def scaled(self, some: Codes, others: Codes, around: Vectors | None = None) -> Vectors:
        """Return the similarities of some items to others, scaled by their surroundings.

        `around` stands for the whole of it where only these rows of it are filled.
        """
        near = self.around if around is None else around
        here, there = near[some][:, self.codes[others]], near[others][:, self.codes[some]].T
        share = self.sameness.surroundings.share
        found: Vectors = self.rows[some] @ self.rows[others].T - share * (here + there)
        return found


def same_meaning(
    one: Vectors, one_lang: str, other: Vectors, other_lang: str, sameness: Sameness
) -> float:
    """Return the probability that two texts mean the same, by themselves."""
    a, b = sameness.place(np.stack([one, other]), [one_lang, other_lang])
    return sameness.alone.probability(float(a @ b))


def shipped_sameness() -> Sameness:
    """Open what was fitted for the shipped encoder. Raises BadFile as load_sameness."""
    return load_sameness(COLD_START)


def load_sameness(path: Path) -> Sameness:
    """Read a file that save_sameness wrote. Raises BadFile when it is none."""
    try:
        return _read(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadFile(path, f"it does not say what means the same ({error})") from error


def save_sameness(sameness: Sameness, path: Path) -> None:
    """Write it as a file that people can read; a mean's numbers with five decimals."""
    row = {
        "encoder_id": sameness.encoder_id,
        "fitted_on": sameness.fitted_on,
        "alone": _told(sameness.alone),
        "crowded": _told(sameness.crowded),
        "bar": sameness.bar,
        "typical": sameness.typical,
        "surroundings": asdict(sameness.surroundings),
        "means": {
            lang: [round(float(x), 5) for x in mean]
            for lang, mean in sorted(sameness.means.items())
        },
    }
    path.write_text(json.dumps(row, allow_nan=False) + "\n", encoding="utf-8")


def _told(odds: Odds) -> dict[str, float]:
    return {"slope": odds.slope, "intercept": odds.intercept}


def _read(row: Mapping[str, Any]) -> Sameness:
    means = {str(k): np.array(v, dtype=np.float32) for k, v in row["means"].items()}
    if len({mean.shape for mean in means.values()}) != 1:
        raise ValueError("its means are not of one length")
    return Sameness(
        str(row["encoder_id"]),
        means,
        _odds(row["alone"]),
        _odds(row["crowded"]),
        _number(row["bar"]),
        _number(row["typical"]),
        str(row["fitted_on"]),
        _surroundings(row["surroundings"]),
    )


def _surroundings(row: Mapping[str, Any]) -> Surroundings:
    first, last, elsewhere = (int(_number(row[name])) for name in ("first", "last", "elsewhere"))
    if not 0 <= first < last or not 0 <= elsewhere < last:
        raise ValueError("its neighbours are not in order")
    return Surroundings(first, last, _number(row["share"]), elsewhere, row["floored"] is True)


def _odds(row: Mapping[str, Any]) -> Odds:
    odds = Odds(_number(row["slope"]), _number(row["intercept"]))
    if odds.slope <= 0:
        raise ValueError("what is more alike would be less likely the same")
    return odds


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)
