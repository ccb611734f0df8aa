"""Judged questions or labelled cases -> the tables of `python -m triage evaluate`.

In: files read by the command line. Out: numbers of the code that serves.
Not here: what is fitted and published (training).
"""
