"""What signing needs from the world outside, and a time-stamp token got from it with every check made."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import cms

from domain.errors import CertificateUnusable, TimestampUnavailable
from domain.models import PadesLevel, Reason
from signing.revocation import Evidence, TrustMaterial, check_timestamper
from signing.timestamps import TimestampService, require_same_clock, token_certificates, token_time


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningServices:
    """Where evidence and time-stamps come from."""

    trust: TrustMaterial
    timestamps: TimestampService | None
    """None: no time-stamps are to be had."""
    clock_tolerance: timedelta = timedelta(minutes=5)
    """How far our clock and the time-stamp authority's may differ."""


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

    def now(self) -> datetime:
        """Return the time by the clock that was handed in."""
        return self.at + timedelta(seconds=time.monotonic() - self.started)

    async def timestamp(self, digest: bytes, algorithm: str, *, limit: int) -> cms.ContentInfo | None:
        """Return a token over the digest; None, with the reason noted, if none can be had.

        Args:
            limit: Bytes there is room for.

        Raises:
            SigningError: If our clock and the authority's differ.
        """
        if self.missing_timestamp is not None:
            return None
        if self.services.timestamps is None:
            self.missing_timestamp = Reason(code="no_timestamp_service", good=False)
            return None
        try:
            token = self.services.timestamps.timestamp(digest, algorithm)
            certificate, others = token_certificates(token)
            if len(token.dump()) > limit:
                raise TimestampUnavailable("Dấu thời gian nhận được lớn hơn chỗ đã dành sẵn; hãy báo quản trị viên.")
            require_same_clock(token, self.now(), self.services.clock_tolerance)
            evidence = await check_timestamper(certificate, others, self.services.trust, at=token_time(token))
        except TimestampUnavailable as e:
            self.missing_timestamp = Reason(code="timestamp_unavailable", good=False, values={"message": str(e)})
            return None
        except CertificateUnusable as e:
            self.missing_timestamp = Reason(code="timestamp_untrusted", good=False, values={"message": str(e)})
            return None
        self.evidence.append(evidence)
        self.archived_until = certificate.not_valid_after
        return token
