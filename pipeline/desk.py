"""The certifier's desk: signing keys, seal key, statements and fonts, opened once for a whole batch."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, unquote

from domain.errors import ConfigurationError
from domain.wording import system_reason
from ocr.archive.fonts import FontBook, open_fonts
from ocr.archive.statement import StatementLibrary, load_statements
from pipeline.services import Reader, Services
from signing.authority import DemonstrationAuthority, open_demonstration_authority
from signing.keys import KeyOptions, SigningKey, open_signing_key
from signing.online import open_services as open_online_services
from signing.remote import ServiceOptions
from signing.seal_keys import SealKey, SealKeySet, load_seal_key, read_key_set, seal_key, write_key_set
from signing.services import SigningServices
from signing.trust import TrustStore, load_trust

AUTHORITY = "authority"
"""Folder of the demonstration authority in the data directory."""
SEAL_KEYS = "seal-keys.json"
"""The published keys of the seals, in the data directory."""

AskPin = Callable[[str], str]
"""Asks a person for the PIN of the key that is named."""

_DEMONSTRATION = "demo:"
_FILE = "file:"
_PIN = "SOHOA_PIN"


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
def open_desk(services: Services, *, ask_pin: AskPin | None = None) -> Iterator[Desk]:
    """Open the signing keys; they are closed at the end of the block.

    Each key is opened once. The PIN comes from `SOHOA_PIN_CERTIFIER` (`_AGENCY`, `_SCANNER`) or `SOHOA_PIN`, from the
    file that the settings name, or from `ask_pin`; it is asked for once, and tried once.

    Raises:
        ConfigurationError: A key is not set up, or demonstration keys and real ones are mixed.
        WrongPin: The PIN was refused.
        SigningError: A key, token or service cannot be reached.
    """
    settings = services.settings.signing
    addresses = {"certifier": settings.certifier, "agency": settings.agency, "scanner": settings.scanner}
    demonstration = uses_demonstration(services)
    with ExitStack() as opened:
        if demonstration:
            authority = _demonstration(services)
            keys = {"certifier": authority.certifier, "agency": authority.agency, "scanner": authority.scanner}
            signing = authority.services
        else:
            keys = _open_keys(addresses, services, ask_pin, opened)
            signing = _online(services)
        yield Desk(
            certifier=keys["certifier"],
            agency=keys["agency"],
            scanner=keys["scanner"],
            signing=signing,
            seal_key=open_seal_key(services),
            fonts=open_fonts(),
            statements=load_statements(files("configs") / "statements"),
            demonstration=demonstration,
        )


def open_signing_services(services: Services) -> SigningServices:
    """Return where time-stamps and revocation data come from; no key is opened.

    Raises:
        ConfigurationError: They are not set up.
    """
    return _demonstration(services).services if uses_demonstration(services) else _online(services)


def uses_demonstration(services: Reader) -> bool:
    """Return whether the demonstration authority signs.

    Raises:
        ConfigurationError: Some keys are the demonstration's and some are not.
    """
    settings = services.settings.signing
    addresses = (settings.certifier, settings.agency, settings.scanner, settings.seal, settings.timestamp)
    demonstrations = {address.startswith(_DEMONSTRATION) for address in addresses if address}
    if len(demonstrations) > 1:
        raise ConfigurationError("Cấu hình [signing] trộn khóa trình diễn với khóa thật; dùng một loại cho tất cả.")
    return demonstrations == {True}


def demonstration_trust(services: Reader) -> TrustStore:
    """Return the root and revocation lists of the demonstration authority; nothing where real keys sign."""
    if not uses_demonstration(services) or not (services.home / AUTHORITY).exists():
        return TrustStore()
    authority = _demonstration(services)
    return TrustStore(signers=authority.roots, timestamps=authority.roots, crls=authority.crls())


def open_seal_key(services: Services) -> SealKey:
    """Return the key that makes seals and status lists.

    Raises:
        ConfigurationError: It is not set up.
    """
    address, issuer = services.settings.signing.seal, services.settings.office.name
    if address.startswith(_DEMONSTRATION):
        return seal_key(_demonstration(services).seal_key, issuer=issuer)
    if address.startswith(_FILE):
        return seal_key(load_seal_key(services.home / address.removeprefix(_FILE)), issuer=issuer)
    raise ConfigurationError(f"signing.seal “{address}” sai; viết file:TỆP_KHÓA (xem docs/signing.md).")


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


def known_signers(reader: Reader) -> dict[str, str]:
    """Return the SHA-256 of our signers' certificates by role, where they are known without the register.

    They are for the demonstration. Real keys are in devices; which certificate signed a copy is in the register.
    """
    if not uses_demonstration(reader) or not (reader.home / AUTHORITY).exists():
        return {}
    authority = _demonstration(reader)
    keys = {"certifier": authority.certifier, "agency": authority.agency, "scanner": authority.scanner}
    return {role: key.certificate.sha256.hex() for role, key in keys.items()}


def configured_trust(services: Reader) -> TrustStore:
    """Return the roots that the settings name.

    Raises:
        ConfigurationError: A certificate file cannot be read.
    """
    folder = services.home / services.settings.signing.trust
    return load_trust(folder) if folder.is_dir() else TrustStore()


def _open_keys(
    addresses: dict[str, str], services: Services, ask_pin: AskPin | None, opened: ExitStack
) -> dict[str, SigningKey]:
    """Open each address once, also where it serves two roles; empty addresses stand for the certifier's key."""
    held: dict[str, SigningKey] = {}
    trust = configured_trust(services)
    options = KeyOptions(chain=trust.intermediates, access_token=_access_token)
    for role, address in addresses.items():
        uri = _located(address or addresses["certifier"], services.home)
        if uri not in held:
            ask = _pin_source(services, ask_pin, role)
            held[uri] = opened.enter_context(open_signing_key(uri, pin=ask, options=options))
    return {
        role: held[_located(address or addresses["certifier"], services.home)] for role, address in addresses.items()
    }


def _located(uri: str, home: Path) -> str:
    """Return the address of a key; a file's is meant from the data directory."""
    scheme, _, path = uri.partition(":")
    return f"{scheme}:{quote(str(home / unquote(path)))}" if scheme == "pkcs12" else uri


def _pin_source(services: Services, ask_pin: AskPin | None, role: str) -> Callable[[], str] | None:
    named = services.settings.signing.pin_file
    if pin := os.environ.get(f"{_PIN}_{role.upper()}") or os.environ.get(_PIN):
        return lambda: pin
    if named:
        try:
            written = (services.home / named).read_text("utf-8").strip()
        except OSError as e:
            raise ConfigurationError(f"Không đọc được tệp mã PIN {named} ({system_reason(e)}).") from e
        return lambda: written
    return (lambda: ask_pin(role)) if ask_pin is not None else None


def _access_token() -> str:
    token = os.environ.get("SOHOA_CSC_TOKEN", "")
    if not token:
        raise ConfigurationError("Ký số từ xa cần biến môi trường SOHOA_CSC_TOKEN.")
    return token


def _online(services: Services) -> SigningServices:
    settings = services.settings.signing
    options = ServiceOptions(
        timeout=settings.timestamp_seconds, tries=settings.timestamp_tries, at_once=settings.timestamp_at_once
    )
    return open_online_services(
        configured_trust(services), timestamp_url=settings.timestamp, options=options, clock=services.clock
    )


def _demonstration(services: Reader) -> DemonstrationAuthority:
    folder = services.home / AUTHORITY
    if not folder.exists():
        raise ConfigurationError(f"Thư mục {services.home} chưa có khóa ký; chạy `sohoa init`.")
    return open_demonstration_authority(folder, clock=services.clock)
