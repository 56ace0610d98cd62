"""The certifier's desk: signing keys, seal key, statements and fonts, opened once for a whole batch."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from domain.errors import ConfigurationError
from ocr.archive.fonts import FontBook, open_fonts
from ocr.archive.statement import StatementLibrary, load_statements
from pipeline.services import Services
from signing.authority import DemonstrationAuthority, open_demonstration_authority
from signing.keys import SigningKey
from signing.seal_keys import SealKey, SealKeySet, read_key_set, seal_key, write_key_set
from signing.services import SigningServices

AUTHORITY = "authority"
"""Folder of the demonstration authority in the data directory."""
SEAL_KEYS = "seal-keys.json"
"""The published keys of the seals, in the data directory."""

_DEMONSTRATION = "demo:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What certifying needs beside the services."""

    certifier: SigningKey
    agency: SigningKey
    scanner: SigningKey
    signing: SigningServices
    seal_key: SealKey
    fonts: FontBook
    statements: StatementLibrary
    demonstration: bool


@contextmanager
def open_desk(services: Services) -> Iterator[Desk]:
    """Open the signing keys; they are closed at the end of the block.

    Raises:
        ConfigurationError: A key is not set up.
        SigningError: A key, token or service cannot be reached.
    """
    settings = services.settings.signing
    with ExitStack() as opened:
        authority = _demonstration(services)
        keys = {
            role: opened.enter_context(_open_key(uri, role, authority))
            for role, uri in (
                ("certifier", settings.certifier),
                ("agency", settings.agency),
                ("scanner", settings.scanner),
            )
        }
        yield Desk(
            certifier=keys["certifier"],
            agency=keys["agency"],
            scanner=keys["scanner"],
            signing=authority.services,
            seal_key=open_seal_key(services),
            fonts=open_fonts(),
            statements=load_statements(files("configs") / "statements"),
            demonstration=True,
        )


def _demonstration(services: Services) -> DemonstrationAuthority:
    folder = services.home / AUTHORITY
    if not folder.exists():
        raise ConfigurationError(f"Thư mục {services.home} chưa có khóa ký; chạy `sohoa init`.")
    return open_demonstration_authority(folder, clock=services.clock)


def _open_key(uri: str, role: str, authority: DemonstrationAuthority) -> SigningKey:
    if uri.startswith(_DEMONSTRATION):
        keys = {"certifier": authority.certifier, "agency": authority.agency, "scanner": authority.scanner}
        return keys[role]
    raise ConfigurationError(f"signing.{role} “{uri}” sai; xem docs/signing.md.")


def demonstration_roots(services: Services) -> tuple[bytes, ...]:
    """Return the roots of the demonstration authority in DER, none where it is not set up."""
    return _demonstration(services).roots if (services.home / AUTHORITY).exists() else ()


def open_seal_key(services: Services) -> SealKey:
    """Return the key that makes seals and status lists.

    Raises:
        ConfigurationError: It is not set up.
    """
    return seal_key(_demonstration(services).seal_key, issuer=services.settings.office.name)


def published_keys(home: Path) -> SealKeySet:
    """Return the published keys of the seals; none where nothing was set up.

    Raises:
        ConfigurationError: The file is damaged.
    """
    path = home / SEAL_KEYS
    return read_key_set(path.read_bytes()) if path.exists() else SealKeySet(())


def published_keys_json(home: Path) -> bytes:
    """Return the published keys of the seals as the document that anyone can download."""
    return write_key_set(published_keys(home))
