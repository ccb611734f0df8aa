"""A notice, or a code that confirms an address -> a short letter in its reader's language.

In: what it is about, a language, the forum's name. Out: subject and text. It holds no word of any
question: whoever reads it looks in the forum, where it is known who reads.
Not here: the sentences (mails, notices), sending (connect.mail).
"""

from triage.phrases.wording import say
from triage.records import Reason


def notice_mail(kind: str, lang: str | None, forum: str) -> tuple[str, str]:
    """Return subject and text of the mail that tells of a notice of this kind."""
    spoken = lang or ""
    about, said = f"mail_{kind}", f"notice_{kind}"
    there = say(Reason("mail_read_there", {"forum": forum}), spoken)
    why = say(Reason("mail_why"), spoken)
    return say(Reason(about), spoken), _letter(say(Reason(said), spoken), there, why)


def confirm_mail(code: str, lang: str | None, forum: str) -> tuple[str, str]:
    """Return subject and text of the mail by which somebody shows that an address is theirs."""
    spoken = lang or ""
    asked = say(Reason("mail_confirm_code", {"forum": forum}), spoken)
    ignored = say(Reason("mail_confirm_ignore"), spoken)
    return say(Reason("mail_confirm"), spoken), _letter(asked, f"    {code}", ignored)


def _letter(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"
