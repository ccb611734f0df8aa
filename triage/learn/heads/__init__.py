"""Cases -> the heads that label questions: fitted, calibrated, and told from when on to speak.

In: cases with their vectors. Out: a classifier and what is known of its quality, out of fold.
Not here: labelling at serving time (classify), whether the new one may serve (contest).
"""
