"""Time-stamps by RFC 3161: asking for one, checking the answer, and giving one in process."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from asn1crypto import algos, cms, core, tsp, x509
from cryptography import x509 as pyca
from cryptography.exceptions import InvalidSignature as PycaInvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from domain.errors import TimestampUnavailable

_POLICY = "2.999.3161"
"""In the arc for examples (X.660): a demonstration has no policy of its own."""


class TimestampService(Protocol):
    """Gives time-stamp tokens."""

    @property
    def reserve(self) -> int:
        """Bytes to keep free for a token in a signature."""
        ...

    def timestamp(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        """Return a checked token over the digest.

        Raises:
            TimestampUnavailable: If no usable token could be had.
        """
        ...


def make_request(digest: bytes, algorithm: str) -> tsp.TimeStampReq:
    """Return a request for a token over the digest, with a fresh nonce, that asks for the certificates too."""
    return tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest},
            "nonce": secrets.randbits(62) | 1 << 62,
            "cert_req": True,
        }
    )


def check_response(data: bytes, request: tsp.TimeStampReq) -> cms.ContentInfo:
    """Return the token in a response, after every check that needs no trust anchor.

    Raises:
        TimestampUnavailable: If the response is a refusal, does not answer this request, or its signature is wrong.
    """
    try:
        response = tsp.TimeStampResp.load(data, strict=True)
        status = response["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise TimestampUnavailable(f"Máy chủ cấp dấu thời gian từ chối yêu cầu ({status}); hãy thử lại sau.")
        token = response["time_stamp_token"]
        info = token_info(token)
        imprint = info["message_imprint"]
        asked = request["message_imprint"]
        same_imprint = (
            imprint["hashed_message"].native == asked["hashed_message"].native
            and imprint["hash_algorithm"]["algorithm"].native == asked["hash_algorithm"]["algorithm"].native
        )
        same_nonce = info["nonce"].native == request["nonce"].native
        info["gen_time"].native  # noqa: B018  # parsed here, so that garbage is found here
        verify_token(token)
    except (ValueError, TypeError, KeyError, AttributeError, PycaInvalidSignature) as e:
        raise TimestampUnavailable("Máy chủ cấp dấu thời gian trả lời không đúng chuẩn; hãy báo quản trị viên.") from e
    if not same_imprint:
        raise TimestampUnavailable("Dấu thời gian nhận được không phải của văn bản này; hãy báo quản trị viên.")
    if not same_nonce:
        raise TimestampUnavailable("Dấu thời gian nhận được là của một yêu cầu khác; hãy báo quản trị viên.")
    return token


def token_info(token: cms.ContentInfo) -> tsp.TSTInfo:
    """Return what the token says: time, imprint, nonce."""
    return token["content"]["encap_content_info"]["content"].parsed


def token_time(token: cms.ContentInfo) -> datetime:
    """Return the time that the token proves."""
    return token_info(token)["gen_time"].native  # type: ignore[no-any-return]  # asn1crypto has no types


def token_certificates(token: cms.ContentInfo) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    """Return the certificate that signed the token, and all that came with it.

    Raises:
        ValueError: If the signer's certificate is not in the token.
    """
    signed = token["content"]
    certificates = tuple(choice.chosen for choice in signed["certificates"])
    identifier = signed["signer_infos"][0]["sid"]
    for certificate in certificates:
        if identifier.name == "issuer_and_serial_number":
            found = (
                certificate.serial_number == identifier.chosen["serial_number"].native
                and certificate.issuer == identifier.chosen["issuer"]
            )
        else:
            found = certificate.key_identifier == identifier.chosen.native
        if found:
            return certificate, certificates
    raise ValueError("the token does not carry its signer's certificate")


def verify_token(token: cms.ContentInfo) -> None:
    """Check the token's own signature.

    Raises:
        ValueError: If it is malformed.
        cryptography.exceptions.InvalidSignature: If it does not hold.
    """
    signed = token["content"]
    (signer,) = signed["signer_infos"]
    certificate, _ = token_certificates(token)
    content = bytes(signed["encap_content_info"]["content"])
    digest = hashes.Hash(get_pyca_cryptography_hash(signer["digest_algorithm"]["algorithm"].native))
    digest.update(content)
    attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
    if (
        attributes["message_digest"][0].native != digest.finalize()
        or attributes["content_type"][0].native != "tst_info"
    ):
        raise PycaInvalidSignature("the token's content is not what was signed")
    algorithm = signer["signature_algorithm"]
    hash_name = signer["digest_algorithm"]["algorithm"].native
    if algorithm.signature_algo not in ("rsassa_pkcs1v15", "ecdsa"):
        raise ValueError(f"unsupported signature algorithm {algorithm.signature_algo}")
    public = pyca.load_der_x509_certificate(certificate.dump()).public_key()
    signed_bytes = signer["signed_attrs"].untag().dump()
    if isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signer["signature"].native, signed_bytes, ec.ECDSA(get_pyca_cryptography_hash(hash_name)))
    elif isinstance(public, rsa.RSAPublicKey):
        public.verify(
            signer["signature"].native, signed_bytes, padding.PKCS1v15(), get_pyca_cryptography_hash(hash_name)
        )
    else:
        raise ValueError("unsupported kind of key")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTimestamper:
    """A time-stamp authority in process, for the demonstration."""

    private_key: ec.EllipticCurvePrivateKey
    certificate: bytes
    """In DER."""
    chain: Sequence[bytes]
    """Certificates to send along, above the authority's own; in DER."""
    clock: Callable[[], datetime]

    @property
    def reserve(self) -> int:
        """Bytes to keep free for a token in a signature."""
        return 1024 + len(self.certificate) + sum(len(each) for each in self.chain)

    def timestamp(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        """Return a checked token over the digest."""
        request = make_request(digest, algorithm)
        return check_response(self.respond(request), request)

    def respond(self, request: tsp.TimeStampReq) -> bytes:
        """Return the response to a request, in DER."""
        subject = _fresh(x509.Certificate.load(self.certificate).subject)
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": _POLICY,
                "message_imprint": request["message_imprint"],
                "serial_number": secrets.randbits(63) | 1,
                "gen_time": core.GeneralizedTime(self.clock().replace(microsecond=0)),
                "accuracy": {"seconds": 1},
                "nonce": request["nonce"],
                "tsa": x509.GeneralName(name="directory_name", value=subject),
            }
        ).dump()
        token = {"content_type": "signed_data", "content": self._signed_data(info)}
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _signed_data(self, info: bytes) -> cms.SignedData:
        certificate = x509.Certificate.load(self.certificate)
        digest = hashes.Hash(hashes.SHA256())
        digest.update(info)
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),  # type: ignore[no-untyped-call]  # pyHanko gives no types here
                simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(certificate)),  # type: ignore[no-untyped-call]  # pyHanko gives no types here
                simple_cms_attribute("message_digest", digest.finalize()),  # type: ignore[no-untyped-call]  # pyHanko gives no types here
            ]
        )
        algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": {
                        "issuer": _fresh(certificate.issuer),
                        "serial_number": certificate.serial_number,
                    }
                }
            ),
            "digest_algorithm": algorithm,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signed_attrs": attributes,
            "signature": self.private_key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [algorithm],
                "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(info)},
                "certificates": [
                    cms.CertificateChoices("certificate", x509.Certificate.load(each))
                    for each in (self.certificate, *self.chain)
                ],
                "signer_infos": [signer],
            }
        )


def _fresh(name: x509.Name) -> x509.Name:
    """Return the name as it is before anything of it was parsed: a parsed one is encoded anew, part by part."""
    return x509.Name.load(name.dump())
