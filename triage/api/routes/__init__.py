"""The endpoints, one file per audience: read, call, reply.

In: checked callers and raw bodies. Out: responses.
Not here: who may call what (access), how a failure looks (problems).
"""
