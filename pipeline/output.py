"""Files that are put where a person asked for them: whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path

from domain.errors import StoreUnavailable
from domain.wording import system_reason


def write_output(path: Path, data: bytes) -> Path:
    """Write a file under a temporary name beside its place, then give it its name; return the path.

    Raises:
        StoreUnavailable: The folder cannot be written.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except OSError as e:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise StoreUnavailable(
            f"Không ghi được tệp {path} ({system_reason(e)}); chọn nơi khác. Dữ liệu trong kho vẫn đủ."
        ) from e
    return path
