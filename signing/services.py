"""What signing needs from the world outside, and one copy's attempt to get it."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import cms, x509

from domain.errors import CertificateUnusable, SigningError, TimestampUnavailable
from domain.models import PadesLevel, Reason
from signing.revocation import Evidence, Purpose, TrustMaterial, check_certificate
from signing.timestamps import TimestampService, token_certificates, token_time


class EvidenceMemory:
    """Evidence that was found a short while ago, so that a batch does not ask for it at every copy."""

    def __init__(self, max_age: timedelta = timedelta(minutes=10)) -> None:
        self._max_age = max_age
        self._found: dict[tuple[bytes, Purpose], tuple[datetime, Evidence]] = {}
        self._lock = threading.Lock()

    def recall(self, certificate: x509.Certificate, purpose: Purpose, at: datetime) -> Evidence | None:
        """Return what is known about a certificate, if it is complete and fresh."""
        with self._lock:
            found = self._found.get((certificate.sha256, purpose))
        if found is None or abs(at - found[0]) > self._max_age or not found[1].valid_at(at):
            return None
        return found[1]

    def keep(self, certificate: x509.Certificate, purpose: Purpose, at: datetime, evidence: Evidence) -> None:
        """Remember evidence that is complete."""
        if evidence.complete:
            with self._lock:
                self._found[(certificate.sha256, purpose)] = (at, evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningServices:
    """Where evidence and time-stamps come from. Can be used by many threads."""

    trust: TrustMaterial
    timestamps: TimestampService | None
    """None: no time-stamps are to be had."""
    clock_tolerance: timedelta = timedelta(minutes=5)
    """How far our clock and the time-stamp authority's may differ."""
    memory: EvidenceMemory = field(default_factory=EvidenceMemory, repr=False)


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One copy on its way: what was found out so far. Lives for one call."""

    services: SigningServices
    at: datetime
    level: PadesLevel
    """The level asked for."""
    evidence: list[Evidence] = field(default_factory=list)
    missing_timestamp: Reason | None = None
    """Why a time-stamp could not be had; after the first failure no other is asked for."""
    archived_until: datetime | None = None
    """When the certificate of the newest time-stamp expires."""
    started: float = field(default_factory=time.monotonic)

    def wants(self, level: PadesLevel) -> bool:
        """Return whether the level asked for is this one or higher."""
        order = tuple(PadesLevel)
        return order.index(self.level) >= order.index(level)

    @property
    def complete(self) -> bool:
        """Whether the state of every certificate is known."""
        return all(each.complete for each in self.evidence)

    def now(self) -> datetime:
        """Return the time by the clock that was handed in."""
        return self.at + timedelta(seconds=time.monotonic() - self.started)

    async def check(
        self, certificate: x509.Certificate, chain: Iterable[x509.Certificate], purpose: Purpose, *, at: datetime
    ) -> Evidence:
        """Check that a certificate could be used for its purpose at a time, and note the evidence.

        Raises:
            CertificateUnusable: If it could not.
        """
        memory = self.services.memory
        evidence = memory.recall(certificate, purpose, at)
        if evidence is None:
            evidence = await check_certificate(certificate, chain, self.services.trust, purpose=purpose, at=at)
            memory.keep(certificate, purpose, at, evidence)
        if not any(each is evidence for each in self.evidence):
            self.evidence.append(evidence)
        return evidence

    async def timestamp(self, digest: bytes, algorithm: str, *, limit: int) -> cms.ContentInfo | None:
        """Return a token over the digest; None, with the reason noted, if none can be had.

        Args:
            limit: Bytes there is room for.

        Raises:
            SigningError: If our clock and the authority's differ: a signature would tell a wrong time.
        """
        if self.missing_timestamp is not None:
            return None
        if self.services.timestamps is None:
            self.missing_timestamp = Reason(code="no_timestamp_service", good=False)
            return None
        try:
            token = self.services.timestamps.timestamp(digest, algorithm)
            if len(token.dump()) > limit:
                raise TimestampUnavailable("Dấu thời gian nhận được lớn hơn chỗ đã dành sẵn; hãy báo quản trị viên.")
            certificate, others = token_certificates(token)
            evidence = await self.check(certificate, others, Purpose.TIMESTAMPING, at=token_time(token))
        except TimestampUnavailable as e:
            self.missing_timestamp = Reason(code="timestamp_unavailable", good=False, values={"message": str(e)})
            return None
        except CertificateUnusable as e:
            self.missing_timestamp = Reason(code="timestamp_untrusted", good=False, values={"message": str(e)})
            return None
        self._require_same_clock(token_time(token))
        self.archived_until = min(each.not_valid_after for each in evidence.certificates)
        return token

    def _require_same_clock(self, told: datetime) -> None:
        difference = abs(told - self.now())
        if difference > self.services.clock_tolerance:
            raise SigningError(
                f"Đồng hồ của máy này và của máy chủ cấp dấu thời gian lệch nhau "
                f"{round(difference.total_seconds())} giây; hãy chỉnh giờ của máy rồi ký lại."
            )
