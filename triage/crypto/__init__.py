"""The installation's secrets at work: names hashed, bytes signed and sealed, passwords checked.

In: the installation's key, and a person's name, bytes or a password. Out: what gives none of them
away, or whether one is what it claims.
Not here: where the key is kept (settings), who may do what (api.access).
"""
