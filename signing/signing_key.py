"""The value that stands for an open signing key, whatever holds it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.signers import Signer
from pyhanko.sign.signers.pdf_cms import select_suitable_signing_md
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from domain.errors import SigningKeyUnavailable

_MISMATCH = "Khóa ký và chứng thư số đi kèm không khớp nhau; hãy liên hệ nơi cấp khóa."

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def certificate_store(certificate: x509.Certificate, candidates: Iterable[x509.Certificate]) -> SimpleCertificateStore:
    """Return the authorities above a signer, found among candidates; roots are left out, verifiers have their own."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko gives no types here
    known = {each.subject.hashable: each for each in candidates if each.subject != each.issuer}
    issuer = known.pop(certificate.issuer.hashable, None)
    while issuer is not None:
        store.register(issuer)
        issuer = known.pop(issuer.issuer.hashable, None)
    return store


class LoadedKeySigner(Signer):
    """Signs with a key that is loaded once (pyHanko's own signer parses the key at every signature)."""

    def __init__(
        self, private_key: PrivateKey, certificate: x509.Certificate, chain: Iterable[x509.Certificate]
    ) -> None:
        super().__init__(signing_cert=certificate, cert_registry=certificate_store(certificate, chain))
        self._private_key = private_key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the raw signature over the data."""
        digest = get_pyca_cryptography_hash(digest_algorithm)
        if isinstance(self._private_key, ec.EllipticCurvePrivateKey):
            return self._private_key.sign(data, ec.ECDSA(digest))
        return self._private_key.sign(data, padding.PKCS1v15(), digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """An open signing key with its certificate. Close it, or use it in a `with` statement."""

    signer: Signer = field(repr=False)
    """Does the cryptography; the certificates of its chain are in its registry."""
    close: Callable[[], None] = field(default=lambda: None, repr=False)
    """Ends the session with the token or service."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""
        certificate = self.signer.signing_cert
        if certificate is None:
            raise SigningKeyUnavailable(
                "Khóa ký không có chứng thư số đi kèm; hãy kiểm tra lại thiết bị hoặc tệp khóa."
            )
        return certificate

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Certificates of the authorities above the signer, as far as they came with the key."""
        return tuple(self.signer.cert_registry)

    @property
    def subject(self) -> str:
        """Common name in the certificate."""
        return common_name(self.certificate)

    @property
    def not_after(self) -> datetime:
        """When the certificate expires."""
        return self.certificate.not_valid_after  # type: ignore[no-any-return]  # asn1crypto has no types

    @property
    def digest_algorithm(self) -> str:
        """The digest that suits the size of the key, e.g. `sha256`."""
        return select_suitable_signing_md(self.certificate.public_key)

    def __enter__(self) -> Self:
        """Return the key itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the session with the token or service."""
        self.close()


def common_name(certificate: x509.Certificate) -> str:
    """Return the name that a person reads in a certificate: its common name, or else the organisation."""
    names = certificate.subject.native
    return str(names.get("common_name") or names.get("organization_name") or certificate.subject.human_friendly)


def loaded_key(private_key: PrivateKey, certificate: bytes, chain: Iterable[bytes]) -> SigningKey:
    """Return a signing key held in memory.

    Args:
        certificate: In DER.
        chain: Certificates of the authorities above it, in DER.

    Raises:
        SigningKeyUnavailable: If the certificate belongs to another key.
    """
    if load_der_x509_certificate(certificate).public_key() != private_key.public_key():
        raise SigningKeyUnavailable(_MISMATCH)
    return SigningKey(
        signer=LoadedKeySigner(
            private_key, x509.Certificate.load(certificate), [x509.Certificate.load(data) for data in chain]
        )
    )


def require_match(signature: bytes, data: bytes, *, certificate: x509.Certificate, digest_algorithm: str) -> bytes:
    """Return the raw signature after checking it: what a device gave must fit the certificate that goes with it.

    Raises:
        SigningKeyUnavailable: If it does not.
    """
    digest = get_pyca_cryptography_hash(digest_algorithm)
    public = load_der_x509_certificate(certificate.dump()).public_key()
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(digest))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), digest)
        else:
            raise SigningKeyUnavailable("Loại khóa trong chứng thư số chưa được hỗ trợ; hãy dùng khóa RSA hoặc ECDSA.")
    except InvalidSignature as e:
        raise SigningKeyUnavailable(_MISMATCH) from e
    return signature
