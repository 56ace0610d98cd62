"""Time-stamps and revocation data from services in the network."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from asn1crypto import cms, crl, ocsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as pyca_ocsp

from domain.errors import TimestampUnavailable, ToolError
from signing.remote import Call, Service, ServiceOptions
from signing.revocation import RevocationData, TrustMaterial
from signing.services import SigningServices
from signing.timestamps import check_response, make_request
from signing.trust import TrustStore

log = logging.getLogger(__name__)

_FIRST_RESERVE = 12 * 1024
"""Bytes kept free for a token of a service that gave none yet."""


class HttpTimestamper:
    """A time-stamp authority that is called over HTTP (RFC 3161, 3.4). Can be used by many threads."""

    def __init__(self, url: str, *, options: ServiceOptions) -> None:
        self._url = url
        self._service = Service(options)
        self._largest = 0

    @property
    def reserve(self) -> int:
        """Bytes to keep free for a token in a signature."""
        return self._largest + self._largest // 4 + 256 if self._largest else _FIRST_RESERVE

    def timestamp(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        """Return a checked token over the digest.

        Raises:
            TimestampUnavailable: If no usable token could be had.
        """
        request = make_request(digest, algorithm)
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            data = self._service.fetch(Call(url=self._url, body=request.dump(), headers=headers))
        except ToolError as e:
            raise TimestampUnavailable(f"Chưa lấy được dấu thời gian. {e}") from e
        token = check_response(data, request)
        self._largest = max(self._largest, len(token.dump()))
        return token


@dataclass(frozen=True, slots=True)
class _Kept:
    data: bytes
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRevocation:
    """Asks the OCSP responders and fetches the CRLs that certificates name. Can be used by many threads."""

    service: Service
    clock: Callable[[], datetime]
    max_age: timedelta = timedelta(hours=1)
    """For how long an answer is used before it is asked for anew, also where its issuer allows longer."""
    lists: tuple[bytes, ...] = ()
    """CRLs that lie at hand, in DER, for certificates whose services fail or are not named."""
    _kept: dict[bytes | str, _Kept] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def collect(self, pairs: Iterable[tuple[x509.Certificate, x509.Certificate]]) -> RevocationData:
        """Return an OCSP response about each certificate, or else its issuer's CRL."""
        crls: list[crl.CertificateList] = []
        ocsps: list[ocsp.OCSPResponse] = []
        failures: list[str] = []
        at_hand = [crl.CertificateList.load(data) for data in self.lists]
        for certificate, issuer in pairs:
            crls += [each for each in at_hand if each.issuer == issuer.subject]
            try:
                answer = self._ocsp(certificate, issuer)
                if answer is not None:
                    ocsps.append(answer)
                    continue
            except (ToolError, ValueError) as e:
                failures.append(f"OCSP: {e}")
            try:
                crls += self._crls(certificate)
            except (ToolError, ValueError) as e:
                failures.append(f"CRL: {e}")
        for failure in failures:
            log.warning("revocation data not available: %s", failure)
        return RevocationData(crls=tuple(crls), ocsps=tuple(ocsps), failures=tuple(failures))

    def _ocsp(self, certificate: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPResponse | None:
        for url in certificate.ocsp_urls:
            data = self._keep(certificate.sha256, partial(self._ask, url, certificate, issuer))
            return ocsp.OCSPResponse.load(data)
        return None

    def _ask(self, url: str, certificate: x509.Certificate, issuer: x509.Certificate) -> _Kept:
        request = (
            pyca_ocsp.OCSPRequestBuilder()
            .add_certificate(_pyca(certificate), _pyca(issuer), hashes.SHA1())  # an identifier
            .build()
            .public_bytes(serialization.Encoding.DER)
        )
        headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
        data = self.service.fetch(Call(url=url, body=request, headers=headers))
        answer = ocsp.OCSPResponse.load(data, strict=True)
        if answer["response_status"].native != "successful":
            raise ValueError(f"the responder says {answer['response_status'].native}")
        (single,) = answer.response_data["responses"]
        if single["cert_id"]["serial_number"].native != certificate.serial_number:
            raise ValueError("the answer is about another certificate")
        return _Kept(data, single["next_update"].native or self.clock())

    def _crls(self, certificate: x509.Certificate) -> list[crl.CertificateList]:
        for point in certificate.crl_distribution_points:
            if point.url:
                return [crl.CertificateList.load(self._keep(point.url, partial(self._fetch_crl, point.url)))]
        raise ValueError("the certificate names neither responder nor list")

    def _fetch_crl(self, url: str) -> _Kept:
        data = self.service.fetch(Call(url=url))
        revocation_list = crl.CertificateList.load(data, strict=True)
        return _Kept(data, revocation_list["tbs_cert_list"]["next_update"].native or self.clock())

    def _keep(self, key: bytes | str, get: Callable[[], _Kept]) -> bytes:
        """Return what is kept if it is still good, or else get it anew."""
        now = self.clock().astimezone(UTC)
        with self._lock:
            kept = self._kept.get(key)
        if kept is None or kept.until <= now:
            got = get()
            kept = _Kept(got.data, min(got.until, now + self.max_age))
            with self._lock:
                self._kept[key] = kept
        return kept.data


def open_services(
    trust: TrustStore, *, timestamp_url: str, options: ServiceOptions, clock: Callable[[], datetime]
) -> SigningServices:
    """Return the services in the network that signing uses.

    Args:
        trust: Whom certificates must lead to.
        timestamp_url: Address of the time-stamp authority; empty: there is none.
        options: How every service is called.
        clock: Gives the time now, in UTC.
    """
    revocation = HttpRevocation(service=Service(options), clock=clock, lists=trust.crls)
    return SigningServices(
        trust=TrustMaterial(
            roots=trust.signers,
            timestamp_roots=trust.timestamps,
            intermediates=trust.intermediates,
            revocation=revocation,
        ),
        timestamps=HttpTimestamper(timestamp_url, options=options) if timestamp_url else None,
    )


def _pyca(certificate: x509.Certificate) -> pyca.Certificate:
    return pyca.load_der_x509_certificate(certificate.dump())
