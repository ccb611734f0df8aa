"""Cases that become answers, and what is known of answers.

In: cases that experts settled; what people and staff say of threads. Out: proposals (`proposing`),
threads that a person approved (`publishing`), and the trust in each answer (`trusting`).
Not here: how trust weighs in a match (rank.answer_trust), the rows (store).
"""
