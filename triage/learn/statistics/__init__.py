"""Numbers of predictions -> how good they are, and how sure that is. Pure.

Not here: what is fitted (heads, suggestions), which model may serve (contest).
"""
