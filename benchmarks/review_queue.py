"""What a lead's looking is worth: labels that the review queue chooses against labels by lot.

    python -m benchmarks.review_queue --write

In: Banking77. Out: two tables and a picture, printed and written to docs/review.md and
docs/pictures with `--write`: how right the topics are by how many labels were chosen, and by whom;
and, with a tenth of the labels flipped, how many of the doubtful ones are wrong (precision) and how
many of the wrong ones are in doubt (recall). What was measured is kept in build/review_queue.jsonl,
so that seeds can be added, and a broken-off run goes on. Exit code 1 where the queue does not
clearly beat the lot. Not here: the rounds (review_curves), how labels are flipped (doubts).
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from benchmarks.doubts import Found, look
from benchmarks.kept import KeptEncoder
from benchmarks.line_picture import Axes, Line, draw
from benchmarks.review_curves import END, Point, Set77, Way, banking, curve
from benchmarks.sets import ROOT, SHARED
from triage.encode import DEFAULT, open_encoder
from triage.outcomes.intervals import wilson
from triage.records import Target

PAGE = ROOT / "docs" / "review.md"
DONE = ROOT / "build" / "review_queue.jsonl"
BEGIN, DRAWN = "<!-- begin: python -m benchmarks.review_queue -->", "<!-- end -->"
# Of so many labels so large a share is flipped.
DOUBTED = 5_000
FLIPPED = 0.1
FLIPS = {"any": "any other topic", "nearest": "the topic most like it"}
NAMES = {
    Way.RANDOM: "by lot",
    Way.QUEUE: "by the queue",
    Way.UNCERTAIN: "uncertain alone",
    Way.DISAGREEING: "disagreeing alone",
    Way.NOVEL: "novel alone",
    Way.TOP: "the least certain, alike or not",
}
# How far down the list of doubts a lead might read.
READ = (250, 500)
_NINETY_FIVE = 1.959964

Row = dict[str, Any]
Numbers = NDArray[np.float64]
Curves = dict[Way, dict[int, list[Point]]]


class Kept:
    """Results by their names, in a file to which each is added as it is known."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._known: dict[str, Row] = dict(json.loads(line) for line in lines)

    def get(self, name: str, measure: Callable[[], Row]) -> Row:
        """Return what was kept by this name, or measure and keep it."""
        if name not in self._known:
            self._put(name, measure())
        return self._known[name]

    def _put(self, name: str, value: Row) -> None:
        self._known[name] = value
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([name, value]) + "\n")


def curves(made: Set77, ways: Sequence[Way], seeds: int, end: int, kept: Kept) -> Curves:
    """Measure what is not kept yet, a seed of all ways before the next."""
    found: Curves = {way: {} for way in ways}
    for seed in range(seeds):
        for way in ways:
            points = partial(_points, made, way, seed, end)
            row = kept.get(f"curve {way} {seed} {end}", points)
            found[way][seed] = [Point(*pair) for pair in row["points"]]
    return found


def _points(made: Set77, way: Way, seed: int, end: int) -> Row:
    points = curve(made, way, seed, end, _tell)
    return {"points": [[point.labels, point.right] for point in points]}


def flipped(made: Set77, seeds: int, kept: Kept) -> Iterator[Found]:
    """Flip a tenth of the labels each way and seed, and look for them."""
    for seed in range(seeds):
        for flips in FLIPS:
            found = partial(_look, made, flips, seed)
            yield Found(**kept.get(f"flipped {flips} {seed}", found))


def _look(made: Set77, flips: str, seed: int) -> Row:
    some = np.sort(np.random.default_rng(seed).permutation(len(made.cases))[:DOUBTED])
    cases, vectors = [made.cases[i] for i in some], made.vectors[some]
    found = look("Banking77", cases, Target.TOPIC, vectors, flips, FLIPPED, seed)
    _tell(found.line())
    return asdict(found)


def curve_lines(found: Curves) -> Iterator[str]:
    """Yield the table of the curves: by labels the share that is right, and how much is gained."""
    lot = _table(found[Way.RANDOM])
    ways = [way for way in found if way is not Way.RANDOM]
    heads = " | ".join(f"{NAMES[way]} | ahead by (95 %)" for way in ways)
    yield f"| labels | {NAMES[Way.RANDOM]} | {heads} |"
    yield "| ---: | ---: |" + " ---: | --- |" * len(ways)
    for place, labels in enumerate(_labels(found)):
        cells = [f"{labels:,}", f"{lot[:, place].mean():.3f}"]
        for way in ways:
            ahead = _table(found[way])[:, place] - lot[:, place]
            cells += [f"{_table(found[way])[:, place].mean():.3f}", _between(ahead)]
        yield "| " + " | ".join(cells) + " |"
    cells = ["mean after 500", f"{lot[:, 1:].mean():.3f}"]
    for way in ways:
        rows = _table(found[way])
        cells += [f"{rows[:, 1:].mean():.3f}", _between((rows - lot)[:, 1:].mean(axis=1))]
    yield "| " + " | ".join(cells) + " |"


def saved_lines(found: Curves, way: Way) -> Iterator[str]:
    """Say how many labels by lot are as good as fewer by the queue."""
    labels = np.array(_labels(found), dtype=np.float64)
    lot, chosen = (_table(found[one]).mean(axis=0) for one in (Way.RANDOM, way))
    for place in (2, 4, 6):
        if place < len(labels):
            reached = chosen[place]
            beyond = reached > lot[-1]
            as_many = "more than " + f"{labels[-1]:,.0f}"
            if not beyond:
                as_many = f"{np.interp(reached, np.maximum.accumulate(lot), labels):,.0f}"
            yield f"{labels[place]:,.0f} labels {NAMES[way]} are as right as {as_many} by lot."


def beats(found: Curves, way: Way) -> bool:
    """Say whether a way is clearly ahead of the lot over all rounds."""
    ahead = (_table(found[way]) - _table(found[Way.RANDOM]))[:, 1:].mean(axis=1)
    return len(ahead) > 1 and float(ahead.mean()) - _half(ahead) > 0


def flipped_lines(found: Sequence[Found]) -> Iterator[str]:
    """Yield the table of the flipped labels, the seeds of one kind together."""
    read = [f"first {many}: precision, recall" for many in READ]
    yield (
        "| a tenth flipped to | labels | flipped | in doubt | precision | recall | true one named |"
        f" {' | '.join(read)} |"
    )
    yield "| --- | ---: | ---: | ---: | --- | --- | ---: |" + " --- |" * len(READ)
    for flips, words in FLIPS.items():
        some = [one for one in found if one.flips == flips]
        hits, wrong = sum(one.hits for one in some), sum(one.flipped for one in some)
        doubted = sum(one.doubted for one in some)
        cells = [words, f"{sum(one.cases for one in some):,}", f"{wrong:,}", f"{doubted:,}"]
        cells += [_share(hits, doubted), _share(hits, wrong)]
        cells.append(f"{sum(one.undone for one in some) / max(1, hits):.2f}")
        for many in READ:
            right = sum(sum(one.rightly[:many]) for one in some)
            looked = sum(len(one.rightly[:many]) for one in some)
            cells.append(f"{right / max(1, looked):.2f}, {right / wrong:.2f}")
        yield "| " + " | ".join(cells) + " |"


def _labels(found: Curves) -> list[int]:
    return [point.labels for point in found[Way.RANDOM][0]]


def _table(by_seed: dict[int, list[Point]]) -> Numbers:
    """Return the shares, one row a seed."""
    return np.array([[point.right for point in points] for _, points in sorted(by_seed.items())])


def _half(values: Numbers) -> float:
    """Return half of the 95 % interval of a mean over seeds, by Student's t."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    return float(stdtrit(len(values) - 1, 0.975) * error)


def _between(ahead: Numbers) -> str:
    if len(ahead) < 2 or not ahead.any():
        return f"{ahead.mean():+.3f}"
    mean, half = float(ahead.mean()), _half(ahead)
    return f"{mean:+.3f} ({mean - half:+.3f} to {mean + half:+.3f})"


AXES = Axes("labelled questions", "test questions with the right topic", ",d", ".0%")


def _share(part: int, whole: int) -> str:
    low, high = wilson(part / max(1, whole), whole, _NINETY_FIVE)
    return f"{part / max(1, whole):.2f} ({low:.2f} to {high:.2f})"


def _picture(found: Curves) -> list[Line]:
    """Return the lines of the picture, each with the interval of its mean."""
    lines = []
    for way, by_seed in found.items():
        table = _table(by_seed)
        half = np.array([_half(column) if len(column) > 1 else 0.0 for column in table.T])
        lines.append(Line(NAMES[way], _labels(found), table.mean(axis=0), half))
    return lines


def _write(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(DRAWN, 1)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{DRAWN}{after}", encoding="utf-8")


def main() -> None:
    """Measure what is missing, print the tables; say whether the queue beats the lot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--end", type=int, default=END, help="so many labels in the last round")
    parser.add_argument("--ways", nargs="+", type=Way, default=[Way.RANDOM, Way.QUEUE])
    parser.add_argument("--flips", type=int, default=2, help="seeds of the flipped labels")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not (options.shared / "banking77").exists():
        raise SystemExit(f"There is no {options.shared / 'banking77'}; say --shared FOLDER.")
    encoder = open_encoder(DEFAULT, threads=1)
    assert encoder is not None
    made = banking(options.shared, KeptEncoder(encoder, ROOT / "build" / "vectors"))
    kept = Kept(DONE)
    found = curves(made, options.ways, options.seeds, options.end, kept)
    wrong = list(flipped(made, options.flips, kept))
    lines = [*curve_lines(found), "", *saved_lines(found, Way.QUEUE), "", *flipped_lines(wrong)]
    sys.stdout.write("\n".join(lines) + "\n")
    if options.write:
        _write("\n".join(lines))
        draw(_picture(found), AXES, "review-learning-curve")
    if not beats(found, Way.QUEUE):
        raise SystemExit(1)


def _tell(message: str) -> None:
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
