"""The published status list: which certified papers no longer hold, for anyone to download."""

import logging
from datetime import timedelta

from domain.errors import ObjectExists, ObjectMissing, StorageError
from pipeline.desk import open_seal_key, published_keys
from pipeline.services import Services
from signing.status_list import list_size, make_status_list, read_status_list
from storage.status_places import (
    PublishedList,
    count_places,
    current_status_list,
    list_states,
    publish_status_list,
    restore_status_list,
)

log = logging.getLogger(__name__)


def publish_status(services: Services) -> PublishedList:
    """Publish a new list: signed, stored, then made current.

    A list that an earlier run stored before it died keeps its number; the new one gets the next.

    Raises:
        ConfigurationError: The seal key is not set up.
        StorageError: It cannot be stored.
    """
    try:
        return _publish(services)
    except ObjectExists:
        with services.database.transaction() as transaction:
            restore_status_list(transaction, newest_stored(services))
        return _publish(services)


def newest_stored(services: Services) -> PublishedList:
    """Return the newest list that the store keeps.

    Raises:
        ObjectMissing: It keeps none.
        ObjectCorrupt: Its signature does not hold.
    """
    numbers = services.archive.status_lists()
    if not numbers:
        raise ObjectMissing("Kho chưa có danh sách trạng thái nào.")
    data = services.archive.load_status_list(numbers[-1])
    listed = read_status_list(data, published_keys(services.home))
    return PublishedList(number=numbers[-1], issued_at=listed.issued_at, content=data)


def _publish(services: Services) -> PublishedList:
    key = open_seal_key(services)
    now = services.clock()
    valid_for = _validity(services)
    with services.database.transaction() as transaction:
        states = list_states(transaction)
        size = list_size(count_places(transaction))

        def build(number: int) -> bytes:
            data = make_status_list(states, size=size, number=number, issued_at=now, valid_for=valid_for, key=key)
            services.archive.store_status_list(number, data)
            return data

        return publish_status_list(transaction, build, now=now)


def fresh_status(services: Services) -> PublishedList:
    """Return the current list; a new one is published where it is older than the settings allow.

    Where nothing can be written, the current one is returned as long as it says itself that it is valid.

    Raises:
        ConfigurationError: The seal key is not set up.
        StorageError: There is no valid list, and none can be stored.
    """
    with services.database.reading() as transaction:
        current = current_status_list(transaction)
    now = services.clock()
    if current is not None and current.issued_at >= now - timedelta(
        minutes=services.settings.public.status_list_minutes
    ):
        return current
    try:
        return publish_status(services)
    except StorageError as e:
        if current is None or current.issued_at + _validity(services) < now:
            raise
        log.warning("no new status list: %s", e)
        return current


def _validity(services: Services) -> timedelta:
    """Return for how long a list is valid: long enough that one who cannot fetch a new one at once is not stuck."""
    return timedelta(minutes=max(services.settings.public.status_list_minutes * 6, 60))
