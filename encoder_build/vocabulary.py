"""All pieces of a multilingual tokenizer -> those that six languages need, and a tokenizer.

In: pieces with log-odds, texts in the languages that are served. Out: which pieces stay, and a
`tokenizers` tokenizer over them. Every single character of the full vocabulary stays that occurs
in Latin script, digits, punctuation or symbols, so that names and addresses can still be spelt.
Not here: reading the texts (pairs).
"""

import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

BEGIN, PAD, END, UNKNOWN = "<s>", "<pad>", "</s>", "<unk>"
SPECIAL = (BEGIN, PAD, END, UNKNOWN)
_SPACE = "▁"
_BATCH = 10_000
_SPELT = ("L", "N", "P", "S")


def kept_pieces(
    pieces: Sequence[tuple[str, float]], texts: Iterable[str], most: int
) -> NDArray[np.int64]:
    """Return the ids of the `most` used pieces, special ones and single characters first."""
    full = make_tokenizer(pieces)
    counts = np.zeros(len(pieces), dtype=np.int64)
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == _BATCH:
            _count(full, batch, counts)
            batch = []
    _count(full, batch, counts)
    always = [i for i, (piece, _) in enumerate(pieces) if i < len(SPECIAL) or _spelt(piece)]
    counts[always] = np.iinfo(np.int64).max
    # Of pieces used equally often the likelier one stays: ids follow likelihood.
    order = np.lexsort((np.arange(len(pieces)), -counts))
    used = order[counts[order] > 0][:most]
    return np.sort(used)


def make_tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """Return a unigram tokenizer over pieces whose first four are the special ones."""
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=SPECIAL.index(UNKNOWN)))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}",
        special_tokens=[(BEGIN, SPECIAL.index(BEGIN)), (END, SPECIAL.index(END))],
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    return tokenizer


def _count(tokenizer: Tokenizer, texts: Sequence[str], counts: NDArray[np.int64]) -> None:
    for found in tokenizer.encode_batch(texts, add_special_tokens=False):
        np.add.at(counts, found.ids, 1)


def _spelt(piece: str) -> bool:
    character = piece.removeprefix(_SPACE)
    if piece == _SPACE:
        return True
    if len(character) != 1 or unicodedata.category(character)[0] not in _SPELT:
        return False
    latin = unicodedata.name(character, "").startswith("LATIN")
    return latin or unicodedata.category(character)[0] != "L"
