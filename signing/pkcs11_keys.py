"""Keys in tokens (PKCS#11): one session, one queue, the PIN entered once."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol, cast
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

import pkcs11
from asn1crypto import algos, core, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11.constants import Attribute, ObjectClass, TokenFlag
from pkcs11.mechanisms import Mechanism
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from domain.errors import ConfigurationError, SigningKeyUnavailable, WrongPin
from signing.signing_key import SigningKey, certificate_store, require_match

_QUEUE = threading.Lock()
"""One for the process, as the libraries are: two sessions that sign at once break SoftHSM; drivers promise no more."""

_GONE = "Thiết bị ký số đã bị rút hoặc mất kết nối; hãy cắm lại thiết bị rồi chạy tiếp."

_LOCKED = "Thiết bị ký số đã bị khóa vì nhập sai PIN nhiều lần; hãy liên hệ nơi cấp để mở khóa."


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAddress:
    """Where a key lies (RFC 7512)."""

    module: str
    """Path of the token maker's library."""
    token: str = ""
    """Label of the token; empty for the only one."""
    serial: str = ""
    object: str = ""
    """Label of key and certificate."""
    id: bytes = b""


def parse_address(text: str) -> TokenAddress:
    """Return the address in what stands after `pkcs11:`.

    Raises:
        ConfigurationError: If the module is not named.
    """
    path, _, query = text.partition("?")
    raw = dict(part.partition("=")[::2] for part in path.split(";") if part)
    parts = {name: unquote(value) for name, value in raw.items()}
    module = dict(parse_qsl(query)).get("module-path", "")
    if not module:
        raise ConfigurationError("Địa chỉ pkcs11: thiếu module-path (thư viện của thiết bị ký số); hãy bổ sung.")
    return TokenAddress(
        module=module,
        token=parts.get("token", ""),
        serial=parts.get("serial", ""),
        object=parts.get("object", ""),
        id=unquote_to_bytes(raw.get("id", "")),
    )


def open_pkcs11_key(text: str, *, pin: Callable[[], str] | None, chain: Iterable[bytes]) -> SigningKey:
    """Open the key in a token.

    Raises:
        ConfigurationError: If the address is incomplete.
        WrongPin: If the PIN is refused; it is not tried again.
        SigningKeyUnavailable: If library, token, key or certificate are not there.
    """
    address = parse_address(text)
    with _QUEUE:
        token = _find_token(address)
        _require_tries(token)
    secret = pin() if pin is not None else None
    with _QUEUE:
        session = _log_in(token, secret)
        try:
            key, certificate, others = _find_objects(session, address)
        except SigningKeyUnavailable:
            session.close()
            raise
        except pkcs11.PKCS11Error as e:
            session.close()
            raise SigningKeyUnavailable(_GONE) from e
    signer = TokenSigner(key, certificate, [*others, *(x509.Certificate.load(data) for data in chain)])
    return SigningKey(signer=signer, close=partial(_close, session))


def _close(session: pkcs11.Session) -> None:
    with _QUEUE, contextlib.suppress(pkcs11.PKCS11Error):  # a token that was pulled out is closed already
        session.close()


class TokenKey(Protocol):
    """A private key object in a token."""

    key_type: pkcs11.KeyType

    def sign(self, data: bytes, *, mechanism: Mechanism) -> bytes:
        """Return the signature over the data."""
        ...


class TokenSigner(Signer):
    """Signs in the token, one signature after the other."""

    def __init__(self, key: TokenKey, certificate: x509.Certificate, chain: Iterable[x509.Certificate]) -> None:
        super().__init__(signing_cert=certificate, cert_registry=certificate_store(certificate, chain))
        self._key = key
        self._certificate = certificate
        self._gone = threading.Event()

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the raw signature over the data.

        Raises:
            SigningKeyUnavailable: If the token was pulled; from then on always.
        """
        digest = hashes.Hash(get_pyca_cryptography_hash(digest_algorithm))
        digest.update(data)
        with _QUEUE:
            if self._gone.is_set():
                raise SigningKeyUnavailable(_GONE)
            try:
                signature = self._sign(digest.finalize(), digest_algorithm)
            except pkcs11.PKCS11Error as e:
                self._gone.set()
                raise SigningKeyUnavailable(_GONE) from e
        return require_match(signature, data, certificate=self._certificate, digest_algorithm=digest_algorithm)

    def _sign(self, digest: bytes, algorithm: str) -> bytes:
        """Sign with the raw mechanisms, which every token has."""
        if self._key.key_type == pkcs11.KeyType.EC:
            value = bytes(self._key.sign(digest, mechanism=Mechanism.ECDSA))
            half = len(value) // 2
            return encode_dss_signature(int.from_bytes(value[:half]), int.from_bytes(value[half:]))
        info = algos.DigestInfo(
            {"digest_algorithm": {"algorithm": algorithm, "parameters": core.Null()}, "digest": digest}
        )
        return bytes(self._key.sign(info.dump(), mechanism=Mechanism.RSA_PKCS))


def _find_token(address: TokenAddress) -> pkcs11.Token:
    if not os.path.isfile(address.module):  # noqa: PTH113  # loading a missing library leaves the loader in a bad state
        raise SigningKeyUnavailable("Không thấy thư viện của thiết bị ký số; hãy cài phần mềm của thiết bị.")
    try:
        library = pkcs11.lib(address.module)
        tokens = [
            token
            for token in library.get_tokens()
            if (not address.token or token.label == address.token)
            and (not address.serial or token.serial.decode() == address.serial)
        ]
    except pkcs11.PKCS11Error as e:
        raise SigningKeyUnavailable("Thư viện của thiết bị ký số không chạy được; hãy cài lại phần mềm.") from e
    if not tokens:
        raise SigningKeyUnavailable("Không thấy thiết bị ký số; hãy cắm đúng thiết bị rồi thử lại.")
    if len(tokens) > 1:
        raise SigningKeyUnavailable("Có nhiều thiết bị ký số đang cắm; hãy ghi rõ tên thiết bị trong địa chỉ khóa.")
    return tokens[0]


def _require_tries(token: pkcs11.Token) -> None:
    if TokenFlag.USER_PIN_LOCKED in token.flags:
        raise WrongPin(_LOCKED)
    if TokenFlag.USER_PIN_FINAL_TRY in token.flags:
        raise WrongPin(
            "Thiết bị ký số chỉ còn một lần nhập PIN; hãy nhập đúng PIN bằng phần mềm của thiết bị rồi chạy lại."
        )


def _log_in(token: pkcs11.Token, secret: str | None) -> pkcs11.Session:
    try:
        return token.open(user_pin=secret)
    except pkcs11.UserAlreadyLoggedIn:
        return token.open()  # another key of this token is open already; the login is the process's
    except pkcs11.PinLocked as e:
        raise WrongPin(_LOCKED) from e
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as e:
        raise WrongPin("PIN không đúng; hãy kiểm tra lại trước khi nhập lần nữa, vì thiết bị có thể bị khóa.") from e
    except pkcs11.PKCS11Error as e:
        raise SigningKeyUnavailable(_GONE) from e


def _find_objects(
    session: pkcs11.Session, address: TokenAddress
) -> tuple[TokenKey, x509.Certificate, list[x509.Certificate]]:
    wanted: dict[Attribute, object] = {}
    if address.object:
        wanted[Attribute.LABEL] = address.object
    if address.id:
        wanted[Attribute.ID] = address.id
    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, **wanted}))
    if len(keys) != 1:
        raise SigningKeyUnavailable(
            "Không thấy khóa ký trong thiết bị; hãy kiểm tra tên khóa."
            if not keys
            else "Thiết bị có nhiều khóa ký; hãy ghi rõ tên hoặc mã khóa trong địa chỉ."
        )
    identifier = _identifier(keys[0])
    certificates = {
        _identifier(each) or each[Attribute.VALUE]: x509.Certificate.load(each[Attribute.VALUE])
        for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    }
    certificate = certificates.pop(identifier, None)
    if certificate is None:
        raise SigningKeyUnavailable("Không thấy chứng thư số của khóa trong thiết bị; hãy liên hệ nơi cấp thiết bị.")
    authorities = [each for each in certificates.values() if each.ca]
    return cast(TokenKey, keys[0]), certificate, authorities


def _identifier(found: pkcs11.Object) -> bytes:
    return bytes(found[Attribute.ID])
