"""Opens signing keys by their address, whatever holds them: a file, a token or a remote service."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from domain.errors import ConfigurationError, SigningKeyUnavailable, WrongPin
from signing.csc_keys import open_csc_key
from signing.pkcs11_keys import open_pkcs11_key
from signing.remote import ServiceOptions
from signing.signing_key import LoadedKeySigner, SigningKey, common_name, loaded_key

__all__ = ["KeyOptions", "LoadedKeySigner", "SigningKey", "common_name", "loaded_key", "open_signing_key"]

AskPin = Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOptions:
    """What a key's address does not say."""

    chain: tuple[bytes, ...] = ()
    """Certificates of the authorities above the signer, in DER, where the key does not bring them."""
    access_token: Callable[[], str] | None = None
    """Gives the bearer token for a remote signing service."""
    service: ServiceOptions = field(default_factory=lambda: ServiceOptions(timeout=60.0, tries=1, rest=0.0))
    """How a remote signing service is called."""


def open_signing_key(uri: str, *, pin: AskPin | None = None, options: KeyOptions | None = None) -> SigningKey:
    """Open the key at an address; keep it open for a whole batch.

    Args:
        uri: `pkcs12:FILE`, `pkcs11:token=…;object=…?module-path=…` (RFC 7512) or `csc:https://HOST/PATH?credential=ID`.
        pin: Asked once, when the key is opened, and only if the key needs it. Its answer is tried once.
        options: What the address does not say.

    Raises:
        ConfigurationError: If the address is of no known form.
        WrongPin: If the PIN or password is refused.
        SigningKeyUnavailable: If the file, token, key or service cannot be reached.
    """
    given = options or KeyOptions()
    scheme, _, rest = uri.partition(":")
    match scheme:
        case "pkcs12":
            return _open_pkcs12(Path(unquote(rest)), pin, given)
        case "pkcs11":
            return open_pkcs11_key(rest, pin=pin, chain=given.chain)
        case "csc":
            return open_csc_key(
                rest, pin=pin, access_token=given.access_token, chain=given.chain, options=given.service
            )
    raise ConfigurationError("Địa chỉ khóa ký không đúng; hãy dùng dạng pkcs12:…, pkcs11:… hoặc csc:….")


def _open_pkcs12(path: Path, pin: AskPin | None, options: KeyOptions) -> SigningKey:
    try:
        data = path.read_bytes()
    except OSError as e:
        raise SigningKeyUnavailable(f"Không đọc được tệp khóa {path.name}; hãy kiểm tra đường dẫn và quyền đọc.") from e
    password = pin().encode() if pin is not None else None
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, password)
    except ValueError as e:
        raise WrongPin(f"Mật khẩu của tệp khóa {path.name} không đúng, hoặc tệp bị hỏng; hãy kiểm tra lại.") from e
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or certificate is None:
        raise SigningKeyUnavailable(f"Tệp {path.name} không có đủ khóa và chứng thư số để ký; hãy xuất lại tệp khóa.")
    chain = [each.public_bytes(Encoding.DER) for each in others]
    return loaded_key(key, certificate.public_bytes(Encoding.DER), [*chain, *options.chain])
