"""How well questions of one meaning are found together, and bursts of them told from quiet weeks.

No threshold is chosen on what it is measured on: those of a set come from other sets, or from the
other half of the questions, for every method alike. Prints the tables of docs/clusters.md.
Run: python -m benchmarks.clusters [--only clusters | halves | order | speed | bursts]
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.bursts import measure_bursts
from benchmarks.clusters_cold_start import (
    GRID,
    PAGES,
    Similarities,
    best_bar,
    cosines,
    opened,
    scaled,
    sweep,
)
from benchmarks.kept import KeptEncoder
from benchmarks.meanings import (
    Labels,
    Meanings,
    Pairs,
    banking,
    forums,
    gnome,
    judge,
    libreoffice,
    overflow,
    sample,
    stackfaq,
    translated,
)
from benchmarks.sets import SHARED
from triage.insight import Cluster, Sameness, cluster, join, shipped_sameness
from triage.insight.values import Vectors

_SPLITS = 5
_SINGLES = 2000


@dataclass(frozen=True, slots=True)
class Method:
    """A way to cluster: what is compared, how it grows together."""

    name: str
    similar: Similarities
    linkage: str


def methods(sameness: Sameness) -> list[Method]:
    """Return the plain thresholds, the steps between, and what ships."""

    def by_language(meanings: Meanings) -> Vectors:
        rows = sameness.place(
            np.stack([item.vector for item in meanings.items]),
            [item.lang for item in meanings.items],
        )
        found: Vectors = rows @ rows.T
        return found

    return [
        Method("cosine threshold, pairs", cosines, "pairs"),
        Method("cosine threshold, joined up", cosines, "single"),
        Method("average link", cosines, "average"),
        Method("average link, languages", by_language, "average"),
        Method("shipped: and surroundings", lambda m: scaled(m, sameness), "average"),
    ]


def transfer(sets: Mapping[str, Meanings], taught: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a row for each method: each set by the threshold of others, and by its own best."""
    shipped = shipped_sameness()
    yield _row("threshold from others (best of all)", taught)
    for method in methods(shipped):
        curves = {
            name: sweep(one, method.similar(one), method.linkage) for name, one in sets.items()
        }
        cells = []
        for name, teachers in taught.items():
            mean = np.mean([[p.f1 for p in curves[teacher]] for teacher in teachers], axis=0)
            own = curves[name]
            cells.append(f"{_told(own[int(mean.argmax())])} ({max(p.f1 for p in own):.3f})")
        yield _row(method.name, cells)


def halves(sets: Mapping[str, Meanings]) -> Iterator[str]:
    """Yield a row for each method: the threshold of one half of the meanings, on the other."""
    yield _row("threshold from the other half", sets)
    for method in methods(shipped_sameness()):
        cells = []
        for meanings in sets.values():
            found = [f for seed in range(_SPLITS) for f in _halved(meanings, method, seed)]
            cells.append(f"{np.mean(found):.3f} ± {np.std(found):.3f}")
        yield _row(method.name, cells)


def _halved(meanings: Meanings, method: Method, seed: int) -> Iterator[float]:
    names = np.unique(meanings.groups)
    drawn = np.random.default_rng(seed).permutation(names)[: len(names) // 2]
    inside = np.isin(meanings.groups, drawn)
    for chosen in (inside, ~inside):
        bar = best_bar([meanings.only(chosen)], method.similar, method.linkage)
        test = meanings.only(~chosen)
        curve = sweep(test, method.similar(test), method.linkage)
        yield curve[int(np.flatnonzero(bar == GRID)[0])].f1


def across(meanings: Meanings, taught: Sequence[Meanings]) -> Iterator[str]:
    """Yield F1 of the pairs in different languages, with a plain threshold and as shipped."""
    langs = np.array([item.lang for item in meanings.items])
    i, j = np.triu_indices(len(langs), 1)
    same = meanings.groups[i] == meanings.groups[j]
    bar = best_bar(taught, cosines, "pairs")
    plain = cosines(meanings)[i, j] >= bar
    labels = labels_of(meanings, cluster(meanings.items, shipped_sameness()))
    ours = labels[i] == labels[j]
    yield _row("pairs of languages", ["right pairs", "cosine threshold", "shipped"])
    for one, other in (("de", "en"), ("da", "en"), ("da", "de")):
        pair = ((langs[i] == one) & (langs[j] == other)) | ((langs[i] == other) & (langs[j] == one))
        cells = [_told(_judged(found[pair], same[pair])) for found in (plain, ours)]
        yield _row(f"{one}-{other}", [str(int(same[pair].sum())), *cells])


def _judged(found: Labels, same: Labels) -> Pairs:
    right = int((found & same).sum())
    f1 = 2 * right / max(1, int(found.sum()) + int(same.sum()))
    return Pairs(f1, right / max(1, int(found.sum())), right / max(1, int(same.sum())))


def labels_of(meanings: Meanings, clusters: Sequence[Cluster]) -> Labels:
    """Return clusters as labels; single items have one of their own."""
    number = {item.id: i for i, item in enumerate(meanings.items)}
    labels = np.arange(len(number))
    for one in clusters:
        members = [number[member] for member in one.members]
        labels[members] = min(members)
    return labels


def one_by_one(sets: Mapping[str, Meanings]) -> Iterator[str]:
    """Yield what comes of items that arrive one by one, in random order, and are never moved."""
    sameness = shipped_sameness()
    yield _row("as shipped", ["all at once", "one by one"])
    for name, meanings in sets.items():
        at_once = judge(labels_of(meanings, cluster(meanings.items, sameness)), meanings)
        clusters: dict[str, Cluster] = {}
        order = np.random.default_rng(0).permutation(len(meanings.items))
        items = [replace(meanings.items[i], at=float(t)) for t, i in enumerate(order)]
        for count, item in enumerate(items):
            joined = join(item, items[:count], list(clusters.values()), sameness)
            if joined is not None:
                clusters[joined.cluster.id] = joined.cluster
        arrived = judge(labels_of(meanings, list(clusters.values())), meanings)
        yield _row(name, [_told(at_once), _told(arrived)])


def speed(sets: Mapping[str, Meanings]) -> Iterator[str]:
    """Yield how long clustering and one join take."""
    sameness = shipped_sameness()
    yield _row("seconds of one core", ["items", "clusters", "cluster()", "join()"])
    for name, meanings in sets.items():
        start = time.process_time()
        clusters = cluster(meanings.items, sameness)
        middle = time.process_time()
        newcomer = replace(meanings.items[0], id="newcomer")
        join(newcomer, meanings.items, clusters, sameness)
        seconds, joining = middle - start, time.process_time() - middle
        counts = [str(len(meanings.items)), str(len(clusters))]
        yield _row(name, [*counts, f"{seconds:.1f}", f"{joining:.2f}"])


def _row(first: str, cells: Sequence[str] | Mapping[str, object]) -> str:
    return f"| {first} | {' | '.join(cells)} |"


def _told(pairs: Pairs) -> str:
    return f"{pairs.f1:.3f} ({pairs.precision:.2f}, {pairs.recall:.2f})"


def measured(only: str | None, shared: Path, encoder: KeptEncoder) -> Iterator[str]:
    """Yield the lines of all tables, or of one."""
    faq, cases, titles = stackfaq(shared, encoder), sample(encoder), gnome(shared, encoder)
    if only in (None, "clusters"):
        sets = {
            "StackFAQ": faq,
            "StackFAQ among 2,000": faq.among(overflow(shared, encoder, _SINGLES)).all_counted(),
            "sample cases": cases,
            "GNOME titles": titles,
            "among forums": faq.among(forums(shared, encoder)).all_counted(),
            "translated": translated(shared, encoder, PAGES),
        }
        # StackFAQ is there alone and among others, so the other kinds weigh twice.
        asked, told, short = ["StackFAQ", "among forums"], ["sample cases"] * 2, ["translated"] * 2
        taught = {
            "StackFAQ": [*told, *short],
            "StackFAQ among 2,000": [*told, *short],
            "sample cases": [*asked, *short],
            "GNOME titles": [*asked, *told, *short],
        }
        yield from transfer(sets, taught)
        yield from across(titles, [sets[name] for name in taught["GNOME titles"]])
    if only in (None, "halves"):
        yield from halves({"StackFAQ": faq, "sample cases": cases, "GNOME titles": titles})
    if only in (None, "order"):
        yield from one_by_one({"StackFAQ": faq, "sample cases": cases})
    if only in (None, "speed"):
        mixed = faq.among(overflow(shared, encoder, 6633)).among(cases)
        mixed = mixed.among(libreoffice(shared, encoder, 2000))
        yield from speed({"mixed questions": mixed, "Banking77": banking(shared, encoder)})
    if only in (None, "bursts"):
        yield from measure_bursts(faq, cases, banking(shared, encoder))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--only", choices=("clusters", "halves", "order", "speed", "bursts"))
    options = parser.parse_args()
    if not (options.shared / "stackfaq").exists():
        raise SystemExit(f"There is no {options.shared / 'stackfaq'}; say --shared FOLDER.")
    for line in measured(options.only, options.shared, opened()):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
