"""A forum nearly all of whose threads were written into one form of twelve lines."""

from triage.records import Answer, Thread

_FORM = """Thank you for turning to the support of Kvistor
Please read the guide on asking before you post anything
Never post passwords or other secrets in public places
Operating environment and browser: {environment}
Which of our products does your question concern: {product}
Which steps did you take before it happened to you?
Which outcome had you expected to see at the end?
Which outcome did you see instead of that one?
{asked}
Attach a picture of the whole window where that helps
Answers usually arrive within two working days from now
Moderators close questions that were asked before already
By posting you accept the terms of the support forum"""


def filled(i: int, asked: str) -> str:
    """Write a question into the form."""
    name = chr(97 + i // 26) + chr(97 + i % 26)
    return _FORM.format(environment=f"fox{name}", product=f"ledger{name}", asked=asked)


def shared_form_threads(n: int = 60) -> tuple[Thread, ...]:
    """Threads of which 95 % carry the form; no two ask for the same or use the same words."""

    def words(i: int) -> str:
        return " ".join(f"{stem}{i}x" for stem in ("lever", "wheel", "crank", "valve"))

    return tuple(
        Thread(
            f"t{i:03}",
            f"title{i}x",
            filled(i, words(i)) if i % 20 else words(i),
            (Answer(f"t{i:03}-a", f"remedy{i}x", accepted=True),),
            solved=True,
            lang="en",
        )
        for i in range(n)
    )
