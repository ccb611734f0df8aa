"""A text -> what of it a model is given; the prompts that a model is given it with.

Shared by the files that run models. Not here: tokens, vectors (runtime, transformer).
"""

import hashlib
from collections.abc import Mapping

from triage.encode.base import TextRole


def readable(text: str, most_characters: int) -> str:
    """Return the beginning of a text, in characters that every tokenizer takes; never empty.

    A model reads a window of tokens, and a token is at least one character: what lies behind
    would be cut away anyway, after it was paid for.
    """
    if len(text) > most_characters:
        # A long text may be blank for long: its words are looked for, not its first characters.
        words = text.split(maxsplit=most_characters)[:most_characters]
        text = " ".join(words)[:most_characters]
    if not text.isascii():
        # Half of a surrogate pair has no UTF-8, and tokenizers refuse it.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    # Without prompt or special tokens an empty text would be pooled from nothing at all.
    return text or "."


def chosen_prompts(own: Mapping[str, str], given: Mapping[str, str]) -> dict[TextRole, str]:
    """Return the prompts of a model: its own, or where it has none at all, those it is given."""
    prompts = own if any(own.values()) else given
    return {role: prompts[role] for role in TextRole if prompts.get(role)}


def mark_of(prompts: Mapping[TextRole, str]) -> str:
    """Name a set of prompts in six characters, for the id of an encoder that uses them."""
    all_roles = {role: prompts.get(role, "") for role in TextRole}
    return hashlib.sha256(repr(sorted(all_roles.items())).encode()).hexdigest()[:6]
