"""Commands in processes of their own that stand still in the middle of their work.

However fast the machine, and however seldom whoever watches them looks: there they are found at
work, and nothing but a signal moves them.
"""

from pathlib import Path

# What Python itself imports in every process before anything else.
_BEFORE_ALL = """
import time
from triage import embedding

encoded, left = embedding._encoded, {texts}

def some(*arguments):
    global left
    for batch in encoded(*arguments):
        yield batch
        left -= len(batch)
        if left <= 0:
            time.sleep(600)
            raise TimeoutError("nobody came for it")

embedding._encoded = some
"""


def standing_still(folder: Path, texts: int) -> dict[str, str]:
    """Return the environment for commands that stand still once they kept so many vectors."""
    folder = folder / f"standing-still-{texts}"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_BEFORE_ALL.format(texts=texts), encoding="utf-8")
    return {"PYTHONPATH": str(folder)}
