"""The published status list: which certified papers no longer hold, for anyone to download."""

from datetime import timedelta

from domain.errors import ObjectExists, ObjectMissing
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
    valid_for = timedelta(minutes=max(services.settings.public.status_list_minutes * 6, 60))
    with services.database.transaction() as transaction:
        states = list_states(transaction)
        size = list_size(count_places(transaction))

        def build(number: int) -> bytes:
            data = make_status_list(states, size=size, number=number, issued_at=now, valid_for=valid_for, key=key)
            services.archive.store_status_list(number, data)
            return data

        return publish_status_list(transaction, build, now=now)


def fresh_status(services: Services) -> PublishedList:
    """Return the current list; a new one is published where it is older than the settings allow."""
    with services.database.reading() as transaction:
        current = current_status_list(transaction)
    oldest = services.clock() - timedelta(minutes=services.settings.public.status_list_minutes)
    return publish_status(services) if current is None or current.issued_at < oldest else current
