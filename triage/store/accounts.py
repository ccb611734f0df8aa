"""Customer companies, and which person belongs to which.

In: Accounts, keyed hashes of persons. Out: the same.
Not here: what an account's support level means (decide).
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from triage.records import Account
from triage.store.batches import PutCounts, digest_of, put_by_digest, record_of, row_of
from triage.store.dialects import upsert
from triage.store.tables import base as tables

# Every draft asks for them: making them anew would take longer than carrying them out.
_ACCOUNT = select(tables.accounts).where(
    tables.accounts.c.forum_id == bindparam("forum"), tables.accounts.c.id == bindparam("account")
)
_MEMBER = select(tables.account_members.c.account_id).where(
    tables.account_members.c.forum_id == bindparam("forum"),
    tables.account_members.c.person == bindparam("person"),
)


def put_accounts(c: Connection, forum_id: int, accounts: Sequence[Account]) -> PutCounts:
    """Store accounts; of two with one id the last counts."""
    rows = {account.id: {**row_of(account), "digest": digest_of(account)} for account in accounts}
    counts, _ = put_by_digest(c, tables.accounts, forum_id, rows)
    return counts


def get_account(c: Connection, forum_id: int, account_id: str) -> Account | None:
    """Return one account, or None where the forum has it not."""
    row = c.execute(_ACCOUNT, {"forum": forum_id, "account": account_id}).mappings().first()
    return None if row is None else record_of(Account, row)


def account_names(c: Connection, forum_id: int) -> frozenset[str]:
    """Return what the forum's accounts are called."""
    query = select(tables.accounts.c.name).where(
        tables.accounts.c.forum_id == forum_id, tables.accounts.c.name.is_not(None)
    )
    return frozenset(c.execute(query).scalars())


def set_account_of(c: Connection, forum_id: int, person: str, account_id: str) -> None:
    """Say where a person belongs, in place of what was said before."""
    row = {"forum_id": forum_id, "person": person, "account_id": account_id}
    upsert(c, tables.account_members, [row])


def account_of(c: Connection, forum_id: int, person: str) -> str | None:
    """Return the id of the account that a person belongs to; it may not be stored itself."""
    found: str | None = c.execute(_MEMBER, {"forum": forum_id, "person": person}).scalar()
    return found


def account_behind(
    c: Connection, forum_id: int, account_id: str | None, person: str | None
) -> Account | None:
    """Return the named account, or else the person's; None where neither is stored."""
    name = account_id or (account_of(c, forum_id, person) if person else None)
    return get_account(c, forum_id, name) if name else None
