"""What every table holds of persons, and for how long: erasure, export and retention read it.

In: nothing. Out: a row for each table.
Not here: removing anything (erasing, aging).
"""
