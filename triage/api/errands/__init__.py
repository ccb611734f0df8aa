"""Work that is nobody's request: one process beside the server, and small rounds inside it.

In: the installation. Out: what was due is done, in every forum.
Not here: the work itself (learn, privacy, questions, affected).
"""
