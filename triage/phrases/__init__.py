"""Codes -> sentences in the asker's language, six languages; a file for each that tells.

In: a stable code, its parameters, a language. Out: one sentence; or a short letter of several.
Not here: which code applies (decide, rank, questions, affected), words of pages (web).
"""

from triage.phrases.letters import confirm_mail, notice_mail
from triage.phrases.wording import FOR_LEADS, PHRASES, say

__all__ = ["FOR_LEADS", "PHRASES", "confirm_mail", "notice_mail", "say"]
