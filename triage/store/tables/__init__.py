"""The tables of the store, a file for each circle of them.

In: nothing. Out: SQLAlchemy Table objects, all in one METADATA.
Not here: queries.
"""
