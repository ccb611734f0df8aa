"""How much of what is sensitive is found, and how much else is taken for it.

In: formats of our own with values drawn at random. Out: recall and precision by type.
`python -m benchmarks.redaction` prints the tables of docs/redaction.md.
"""
