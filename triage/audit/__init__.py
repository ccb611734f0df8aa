"""Privileged acts, noted in the transaction that does them, and the log of them as it leaves.

In: who acts, and what they change. Out: notes, each with a digest over the one before; the whole
log, signed, and whether what came back is what left.
Not here: who may act (api.matrix), the rows (store.audit).
"""
