"""What is done so that the service's effect can be known, and later learnt, of each ask.

In: the store. Out: leads' choices about the holdout and bursts (`steering`), the same person with
the same problem again (`returning` while they ask, `revisiting` afterwards), and the one question
put to some who fell silent (`follow_ups`).
Not here: drawing the arm (assigning), the figures (outcomes), reading them (reports).
"""
