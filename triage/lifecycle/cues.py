"""The words by which a sentence gives away what it is about, in six languages.

In: nothing. Out: CUES: per language and sign the beginnings of words, `|` between them; one that
ends in `$` is a whole word. They were chosen by ear; `python -m benchmarks.intake` measures them.
Not here: what a sign weighs (saying).
"""

from triage.lifecycle.cues_north import NORTH
from triage.lifecycle.cues_west import WEST
from triage.lifecycle.signs import Sign

CUES: dict[str, dict[Sign, str]] = {**WEST, **NORTH}
