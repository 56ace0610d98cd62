"""The key that hides owners in the names of their folders."""

import os
import secrets
from pathlib import Path

from domain.errors import ConfigurationError

_BYTES = 32


def load_owner_key(path: Path) -> bytes:
    """Return the key in this file; it is made at the first call, whole at once even if several processes call.

    Raises:
        ConfigurationError: the file cannot be made or holds no key.
    """
    try:
        if not path.exists():
            _make(path)
        key = bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"Không đọc được tệp khóa {path}; hãy phục hồi tệp này từ bản sao lưu.") from error
    if len(key) != _BYTES:
        raise ConfigurationError(f"Tệp khóa {path} không đúng; hãy phục hồi tệp này từ bản sao lưu.")
    return key


def _make(path: Path) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
            file.flush()
            os.fsync(descriptor)
        if os.name == "nt":
            temporary.rename(path)
        else:
            path.hardlink_to(temporary)
    except FileExistsError:
        return  # another process was faster: its key counts
    finally:
        temporary.unlink(missing_ok=True)
