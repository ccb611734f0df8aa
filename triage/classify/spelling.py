"""What makes two spellings of a label one label. Pure.

In: a label as somebody wrote it. Out: its key.
Not here: which spelling is shown (learn, taxonomy).
"""


def label_key(label: str) -> str:
    """What makes two spellings one label: spaces and case do not count."""
    return " ".join(label.split()).casefold()
