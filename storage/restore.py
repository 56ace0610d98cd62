"""Putting back into the database what the store keeps beside the papers: the access log, grants, owners, reuses."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import delete, func, select, update

from domain.errors import ObjectCorrupt
from storage.access_log import LogHead, log_root, log_size, restore_log
from storage.database import Transaction, insert_missing
from storage.tables import grants, log_entries, log_heads, log_nodes, owner_aliases, owner_links, owners, reuses


def replace_log(transaction: Transaction, lines: Iterable[str]) -> bool:
    """Make the access log what the lines say, and return whether it was something else before.

    Where the lines do not hold together, the log stays as it was.

    Raises:
        ObjectCorrupt: A line is none of ours or does not follow the one before, or the log has further entries.
    """
    size, root = log_size(transaction), log_root(transaction)
    with transaction.begin_nested():
        transaction.execute(delete(log_entries))
        transaction.execute(delete(log_nodes))
        restored = restore_log(transaction, lines)
        if restored < size:
            raise ObjectCorrupt(
                f"Kho chỉ có {restored} dòng nhật ký truy cập, cơ sở dữ liệu có {size}; hãy báo quản trị viên."
            )
        return size > 0 and log_root(transaction, size) != root


def restore_head(transaction: Transaction, head: LogHead) -> None:
    """Put a kept state of the log back."""
    insert_missing(transaction, log_heads, [asdict(head)])


def clear_sharing(transaction: Transaction) -> None:
    """Forget grants, owners and reuses, so that they can be read anew from the store."""
    for table in (grants, reuses, owner_links, owner_aliases, owners):
        transaction.execute(delete(table))


def restore_uses(transaction: Transaction) -> None:
    """Count anew, from the access log, how often each reference was resolved."""
    c = log_entries.c
    counted = select(func.count()).where(c.action == "resolve", c.outcome == "done", c.detail == grants.c.reference)
    transaction.execute(update(grants).values(uses=counted.scalar_subquery()))
