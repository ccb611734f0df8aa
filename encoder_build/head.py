"""What is fitted on top of the multilingual tower: a bent space, an estimate, and a language sign.

In: vectors of English strings and of their translations from the multilingual tower, and vectors
of the English strings from the English tower. Out: a Head.
A row of the shipped space has two parts. The first is the multilingual vector after a linear map
that pulls translations together. The second is the English tower's vector where the text is
English; elsewhere it is estimated from the multilingual vector by ridge regression, so that every
language has both and only English pays for two towers.
Not here: the towers (source, graph), the strings (pairs).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
_RIDGE = 5.0
_FOLD = 0.01


@dataclass(frozen=True, slots=True)
class Head:
    """Linear maps on a unit row x of the multilingual tower.

    own = x @ own + own_offset (then length one); estimate = x @ estimate + estimate_offset (its
    length says how sure it is, and stays); english = odds that the text is English. `share` is
    the second part's share of the squared length.
    """

    own: Matrix
    own_offset: Matrix
    estimate: Matrix
    estimate_offset: Matrix
    english: Matrix
    english_offset: float
    share: float

    def save(self, path: Path) -> None:
        """Write the maps as one .npz file."""
        maps: dict[str, Any] = {name: np.asarray(getattr(self, name)) for name in self.__slots__}
        np.savez(path, **maps)


def load_head(path: Path) -> Head:
    """Read what `Head.save` wrote."""
    with np.load(path, allow_pickle=False) as kept:
        maps = {name: kept[name] for name in Head.__slots__}
    return Head(
        **{k: v for k, v in maps.items() if v.ndim},
        english_offset=float(maps["english_offset"]),
        share=float(maps["share"]),
    )


def fit_estimate(rows: Matrix, targets: Matrix) -> tuple[Matrix, Matrix]:
    """Ridge regression with an offset: return the map (d, d) and the offset (d,)."""
    wide = np.hstack([rows, np.ones((len(rows), 1), dtype=np.float32)]).astype(np.float64)
    penalty = _RIDGE * np.eye(wide.shape[1])
    penalty[-1, -1] = 0.0
    found = np.linalg.solve(wide.T @ wide + penalty, wide.T @ targets).astype(np.float32)
    return found[:-1], found[-1]


def fit_english(rows: Matrix, english: NDArray[np.bool_]) -> tuple[Matrix, float]:
    """Logistic regression of "is English" on unit rows: return weights (d,) and offset."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1 / _FOLD, max_iter=3000).fit(rows, english)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])
