"""What one person is told by e-mail: one of the senders.

In: what is due. Out: a mail in the person's language, which quotes nobody.
Not here: the sentences (phrases), SMTP (connect.mail), who wants what (store.notices).
"""

from triage.connect.mail import send_mail
from triage.delivering.due import Due
from triage.delivering.webhooks import Opened
from triage.errors import SendFailed
from triage.mailing import MailServer
from triage.phrases import confirm_mail, notice_mail
from triage.records import MessageType


class PersonMailSender:
    """Sends what stands in a person's feed to the address that they gave."""

    def __init__(self, server: MailServer | None, opened: Opened) -> None:
        self._server = server
        self._opened = opened

    async def __call__(self, due: Due) -> None:
        """Send one mail. Raises SendFailed, SealBroken."""
        if self._server is None:
            raise SendFailed("no_mail_server")
        opened, data = self._opened.of(due), due.message.data
        lang = data.get("lang")
        if due.message.type is MessageType.CONFIRM:
            if "code" not in opened.secrets:
                # It came back, or the address is known to be theirs by now.
                return
            written = confirm_mail(str(opened.secrets["code"]), lang, due.forum.name)
        else:
            written = notice_mail(str(data["kind"]), lang, due.forum.name)
        await send_mail(
            self._server,
            opened.address,
            *written,
            message_id=due.message.message_id,
            lang=lang,
        )
