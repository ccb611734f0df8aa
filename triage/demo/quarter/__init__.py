"""A quarter that never was: made-up askers of the sample forum, so that its figures can be seen.

In: a store with the trained sample, what a server answers with, a seed. Out: asks with replies,
events and posted questions of some months, every one of them marked as simulated; and what is true
of the people in them, which no page may know.
Not here: what is measured of it (outcomes, analytics), the words that are asked (data/sample).
"""

from triage.demo.quarter.making import Made, Makers, Wanted, make_quarter, remove_quarter
from triage.demo.quarter.world import SHIPPED, World

__all__ = [
    "SHIPPED",
    "Made",
    "Makers",
    "Wanted",
    "World",
    "make_quarter",
    "remove_quarter",
]
