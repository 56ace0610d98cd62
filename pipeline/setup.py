"""The embedded set-up: a data directory with store, database and a demonstration authority."""

import os
import secrets
import tempfile
from pathlib import Path

from domain.errors import ConfigurationError
from domain.wording import system_reason
from pipeline.desk import AUTHORITY, SEAL_KEYS, published_keys
from pipeline.services import Services, open_services, utc_now
from signing.authority import create_demonstration_authority, open_demonstration_authority
from signing.seal_keys import (
    SealKeySet,
    load_seal_key,
    new_key_pem,
    published_key,
    seal_key,
    write_key_set,
)
from storage.migrations import current_revision

KEYS = "keys"
"""Folder of the private keys of the seals in the data directory."""


def initialize(home: Path) -> bool:
    """Make what a data directory lacks; return whether anything was made. What is there is never changed.

    Raises:
        ConfigurationError: The directory cannot be written, or its settings are wrong.
    """
    now = utc_now()
    fresh = not (home / AUTHORITY).exists()
    with open_services(home=home, create=True) as services:
        if fresh:
            create_demonstration_authority(home / AUTHORITY, now=now)
        if not (home / SEAL_KEYS).exists():
            authority = open_demonstration_authority(home / AUTHORITY, clock=services.clock)
            key = seal_key(authority.seal_key, issuer=services.settings.office.name)
            # The day by UTC: status lists are dated so, and it is never later than the day printed on copies.
            first = published_key(key, unit=services.settings.office.unit, valid_from=now.date())
            _write(home / SEAL_KEYS, write_key_set(SealKeySet((first,))))
            fresh = True
    return fresh


def database_revision(services: Services) -> str:
    """Return of which revision the tables of the database are.

    Raises:
        StorageError: The database cannot be used.
    """
    return current_revision(services.database)


def new_seal_key(services: Services) -> Path:
    """Make and publish a new key for the seals; earlier keys of the unit end today and stay published.

    Raises:
        ConfigurationError: The data directory cannot be written.
    """
    now = services.clock()
    today, last = now.date(), now.astimezone(services.zone).date()  # by UTC and by the clock on the wall
    pem = new_key_pem()
    folder = services.home / KEYS
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"seal-{today.isoformat()}-{secrets.token_hex(3)}.pem"
    _write(path, pem)
    path.chmod(0o600)
    office = services.settings.office
    added = published_key(seal_key(load_seal_key(path), issuer=office.name), unit=office.unit, valid_from=today)
    published = published_keys(services.home).with_key(added, rotated_on=last)
    _write(services.home / SEAL_KEYS, write_key_set(published))
    return path


def _write(path: Path, data: bytes) -> None:
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        Path(temporary).replace(path)
    except OSError as e:
        raise ConfigurationError(f"Không ghi được {path}: {system_reason(e)}; kiểm tra quyền ghi và dung lượng.") from e
