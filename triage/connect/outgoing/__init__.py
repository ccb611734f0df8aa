"""What goes out over HTTP: to whom it may, in what time, and how much comes back.

In: a method, an address, headers, bytes. Out: a reply, or SendFailed with a code.
Not here: what is sent to whom (delivering, filing), what a reply means (connect.discourse, …).
"""

from triage.connect.outgoing.client import Outgoing
from triage.connect.outgoing.patience import patient
from triage.connect.outgoing.replies import Reply, json_of
from triage.outbound import Allowed

__all__ = ["Allowed", "Outgoing", "Reply", "json_of", "patient"]
