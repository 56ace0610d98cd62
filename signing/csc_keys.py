"""Keys at a remote signing service that speaks the API of the Cloud Signature Consortium, version 1."""

import base64
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit, urlunsplit

from asn1crypto import algos, x509
from cryptography.hazmat.primitives import hashes
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from domain.errors import ConfigurationError, SigningKeyUnavailable, ToolError, WrongPin
from signing.remote import Call, Refused, Service, ServiceOptions
from signing.signing_key import SigningKey, certificate_store, require_match

_PIN_REFUSED = "Dịch vụ ký số từ xa không chấp nhận PIN; hãy kiểm tra lại trước khi thử lần nữa."

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Credential:
    service: Service
    base: str
    identifier: str
    access_token: Callable[[], str] | None
    pin: str | None

    def call(self, method: str, body: Json) -> Json:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.access_token is not None:
            headers["Authorization"] = f"Bearer {self.access_token()}"
        data = json.dumps({"credentialID": self.identifier, **body}).encode()
        try:
            answer = json.loads(
                self.service.fetch(Call(url=f"{self.base}/csc/v1/{method}", body=data, headers=headers))
            )
        except Refused as e:
            if _error_code(e.body) in ("invalid_pin", "invalid_otp"):
                raise WrongPin(_PIN_REFUSED) from e
            raise SigningKeyUnavailable(f"Dịch vụ ký số từ xa từ chối yêu cầu (mã {e.status}).") from e
        except ToolError as e:
            raise SigningKeyUnavailable(f"Không gọi được dịch vụ ký số từ xa. {e}") from e
        except ValueError as e:
            raise SigningKeyUnavailable("Dịch vụ ký số từ xa trả lời không đúng chuẩn; hãy báo quản trị viên.") from e
        if not isinstance(answer, dict):
            raise SigningKeyUnavailable("Dịch vụ ký số từ xa trả lời không đúng chuẩn; hãy báo quản trị viên.")
        return answer


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as e:
        raise SigningKeyUnavailable("Dịch vụ ký số từ xa trả lời không đúng chuẩn; hãy báo quản trị viên.") from e


def _error_code(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def open_csc_key(
    address: str,
    *,
    pin: Callable[[], str] | None,
    access_token: Callable[[], str] | None,
    chain: Iterable[bytes],
    options: ServiceOptions,
) -> SigningKey:
    """Open a credential at a remote service.

    Args:
        address: The service's address up to `/csc/v1`, with `?credential=ID`.
        pin: Asked once; sent with each authorisation, if the credential wants one.
        access_token: Gives the bearer token for each call.
        chain: Further certificates, in DER.
        options: How the service is called. Signing calls are never repeated: `tries` should be 1.

    Raises:
        ConfigurationError: If the address names no credential.
        SigningKeyUnavailable: If the service or the credential cannot be had.
    """
    parts = urlsplit(address)
    identifier = parse_qs(parts.query).get("credential", [""])[0]
    if not identifier or not parts.netloc:
        raise ConfigurationError("Địa chỉ csc: phải có dạng csc:https://MÁY-CHỦ?credential=MÃ; hãy sửa cấu hình.")
    credential = _Credential(
        service=Service(options),
        base=urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", "")),
        identifier=identifier,
        access_token=access_token,
        pin=pin() if pin is not None else None,
    )
    info = credential.call("credentials/info", {"certificates": "chain", "certInfo": False})
    try:
        signer = _signer(credential, info, chain)
    except (KeyError, TypeError, ValueError, IndexError) as e:
        raise SigningKeyUnavailable("Dịch vụ ký số từ xa trả lời không đúng chuẩn; hãy báo quản trị viên.") from e
    return SigningKey(signer=signer)


def _signer(credential: _Credential, info: Json, chain: Iterable[bytes]) -> "RemoteSigner":
    key, cert = info["key"], info["cert"]
    if not isinstance(key, dict) or not isinstance(cert, dict):
        raise TypeError("key and cert are objects")
    if key.get("status") != "enabled":
        raise SigningKeyUnavailable("Khóa ký từ xa đang bị tạm khóa; hãy liên hệ nhà cung cấp.")
    first, *others = [x509.Certificate.load(base64.b64decode(text), strict=True) for text in cert["certificates"]]
    mechanisms = frozenset(algos.SignedDigestAlgorithmId(each).native for each in key["algo"])
    return RemoteSigner(credential, first, [*others, *(x509.Certificate.load(data) for data in chain)], mechanisms)


class RemoteSigner(Signer):
    """Signs at the service; every signature is authorised for its own hash."""

    def __init__(
        self,
        credential: _Credential,
        certificate: x509.Certificate,
        chain: Iterable[x509.Certificate],
        mechanisms: frozenset[str],
    ) -> None:
        super().__init__(signing_cert=certificate, cert_registry=certificate_store(certificate, chain))
        self._credential = credential
        self._certificate = certificate
        self._mechanisms = mechanisms
        self._queue = threading.Lock()
        self._refused = threading.Event()

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the raw signature over the data.

        Raises:
            WrongPin: If the service refuses the authorisation; from then on it is not asked again.
            SigningKeyUnavailable: If the service cannot be reached or does not sign.
        """
        digest = hashes.Hash(get_pyca_cryptography_hash(digest_algorithm))
        digest.update(data)
        text = base64.b64encode(digest.finalize()).decode()
        with self._queue:
            if self._refused.is_set():
                raise WrongPin(_PIN_REFUSED)
            try:
                signature = self._sign(text, digest_algorithm)
            except WrongPin:
                self._refused.set()
                raise
        return require_match(signature, data, certificate=self._certificate, digest_algorithm=digest_algorithm)

    def _sign(self, digest: str, algorithm: str) -> bytes:
        mechanism = self.get_signature_mechanism_for_digest(algorithm)["algorithm"]
        if mechanism.native not in self._mechanisms:
            raise SigningKeyUnavailable("Dịch vụ ký số từ xa không hỗ trợ thuật toán của khóa; hãy báo nhà cung cấp.")
        authorization = self._credential.call("credentials/authorize", self._authorization(digest))
        if "SAD" not in authorization:
            raise SigningKeyUnavailable("Dịch vụ ký số từ xa không cho phép ký; hãy liên hệ nhà cung cấp.")
        answer = self._credential.call(
            "signatures/signHash",
            {
                "SAD": authorization["SAD"],
                "hash": [digest],
                "hashAlgo": algos.DigestAlgorithmId(algorithm).dotted,
                "signAlgo": mechanism.dotted,
            },
        )
        match answer:
            case {"signatures": [str(signature)]}:
                return _decode(signature)
        raise SigningKeyUnavailable("Dịch vụ ký số từ xa không trả về chữ ký; hãy thử lại sau.")

    def _authorization(self, digest: str) -> Json:
        body: Json = {"numSignatures": 1, "hash": [digest]}
        if self._credential.pin is not None:
            body["PIN"] = self._credential.pin
        return body
