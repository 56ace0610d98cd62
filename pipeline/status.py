"""The published status list: which certified papers no longer hold, for anyone to download."""

from datetime import timedelta

from pipeline.desk import open_seal_key
from pipeline.services import Services
from signing.status_list import list_size, make_status_list
from storage.status_places import (
    PublishedList,
    count_places,
    current_status_list,
    list_states,
    publish_status_list,
)


def publish_status(services: Services) -> PublishedList:
    """Publish a new list: signed, stored, then made current.

    Raises:
        ConfigurationError: The seal key is not set up.
        StorageError: It cannot be stored.
    """
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
