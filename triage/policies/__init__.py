"""A forum's policy as it lives: drafted, in force, tried on the past, and what is around it.

In: the store. Out: versions with their history (`drafting`), the one in force (`in_force`), how
busy the forum is (`load`), all that a question is decided within (`surroundings`), and what another
policy would have done with past asks (`trial`, of the pure `simulation`).
Not here: what a policy may say (policy), deciding (decide).
"""
