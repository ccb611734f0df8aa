"""What is typed in a shell -> its commands, word by word.

In: the text of a block. Out: a list of words for each command, those within `$(...)` too.
Not here: whether there is such a command (the tests beside).
"""

import re
import shlex
from collections.abc import Iterator

_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*$")
_INNER = re.compile(r"\$\(([^()]*)\)")
_ENDS = frozenset({"\n", ";", "&", "&&", "|", "||"})
_WORDS_OF_SHELL = frozenset({"do", "done", "then", "fi"})
_SET = re.compile(r"^[A-Za-z_]+=")


def commands(text: str) -> Iterator[list[str]]:
    """Yield each command as its words, without comments, assignments and where it writes to."""
    text = _COMMENT.sub("", text).replace("\\\n", " ")
    for inner in _INNER.findall(text):
        yield from commands(inner)
    text = _INNER.sub("made", text)
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, ""
    words: list[str] = []
    for word in [*lexer, "\n"]:
        if word.strip("\n;&|") == "" and (word in _ENDS or set(word) <= set("\n;&|")):
            if (command := _command(words)) is not None:
                yield command
            words = []
        else:
            words.append(word)


def _command(words: list[str]) -> list[str] | None:
    while words and (words[0] in _WORDS_OF_SHELL or _SET.match(words[0])):
        words = words[1:]
    if not words or words[0] == "for":
        return None
    return words[: words.index(">")] if ">" in words else words
