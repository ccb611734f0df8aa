"""What the words of a sentence show: the signs by which it gives away what it is about.

In: nothing. Out: Sign. Which words show each is in `cues`, what each weighs in `saying`.
"""

from enum import StrEnum


class Sign(StrEnum):
    """What the words of a sentence show."""

    TROUBLE = "trouble"  # something is wrong
    CANNOT = "cannot"  # something does not go
    BUT = "but"  # it is not as it should be
    WISH = "wish"  # something is wanted
    ASKS = "asks"  # it opens like a question or a request
    CHANGE = "change"  # something was different before
    HAVING = "having"  # how things are with them
    TRIED = "tried"  # what they did about it
    STEPS = "steps"  # what they press and choose
    STANDSTILL = "standstill"  # work stands still
    PEOPLE = "people"  # how many are concerned: after a number
    DEADLINE = "deadline"  # it must be done by a moment
    STAKES = "stakes"  # money, law, customers
