"""Dumps of Stack Exchange sites -> rows of our threads format.

In: a dump as it is downloaded, or unpacked. Out: rows, and what was bad.
Not here: keeping them (importing).
"""

from triage.connect.stackexchange.dump import Dump, opened_dump

__all__ = ["Dump", "opened_dump"]
