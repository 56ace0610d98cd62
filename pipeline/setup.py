"""The embedded set-up: a data directory with store, database and a demonstration authority."""

import os
import tempfile
from pathlib import Path

from domain.errors import ConfigurationError
from pipeline.desk import AUTHORITY, SEAL_KEYS
from pipeline.services import open_services, utc_now
from signing.authority import create_demonstration_authority, open_demonstration_authority
from signing.seal_keys import SealKeySet, published_key, seal_key, write_key_set


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


def _write(path: Path, data: bytes) -> None:
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        Path(temporary).replace(path)
    except OSError as e:
        raise ConfigurationError(f"Không ghi được {path}: {e.strerror}; kiểm tra quyền ghi và dung lượng.") from e
