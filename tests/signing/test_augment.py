from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from certified_copies import make_copy
from signing_judges import long_term_valid, proved_by_stamps, signatures, stamps
from tools.verapdf.judge import open_verapdf

from domain.errors import CertificateUnusable, NotReady, TimestampUnavailable
from domain.models import PadesLevel
from signing.authority import DemonstrationAuthority, create_demonstration_authority, open_demonstration_authority
from signing.pades import SignatureField, SignatureRequest, SignerRole, SigningServices, augment, renewal_due, sign_copy
from signing.revocation import RevocationData
from signing.timestamps import LocalTimestamper, TimestampService

MakePdf = Callable[..., bytes]
RequestFor = Callable[[PadesLevel], SignatureRequest]


@dataclass
class FailingTimestamper:
    """A time-stamp service that is gone after so many tokens."""

    inner: TimestampService
    good: int

    @property
    def reserve(self) -> int:
        return self.inner.reserve

    def timestamp(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        if self.good == 0:
            raise TimestampUnavailable("Máy chủ cấp dấu thời gian không trả lời.")
        self.good -= 1
        return self.inner.timestamp(digest, algorithm)


class NoRevocation:
    """A revocation source that has nothing."""

    def collect(self, pairs: object) -> RevocationData:
        return RevocationData(failures=("no network",))


def with_timestamps(services: SigningServices, good: int) -> SigningServices:
    assert services.timestamps is not None
    return replace(services, timestamps=FailingTimestamper(services.timestamps, good))


@pytest.mark.parametrize(
    ("tokens", "reached"),
    [(0, PadesLevel.B_B), (1, PadesLevel.B_B), (2, PadesLevel.B_LT), (3, PadesLevel.B_LTA)],
)
def test_where_the_timestamp_service_fails_the_level_reached_is_told_and_raised_later(
    tokens: int,
    reached: PadesLevel,
    authority: DemonstrationAuthority,
    make_pdf: MakePdf,
    request_for: RequestFor,
    now: datetime,
) -> None:
    services = authority.services

    signed = sign_copy(make_pdf(), request=request_for(PadesLevel.B_LTA), services=with_timestamps(services, tokens))
    raised = augment(signed.pdf, services=services, at=now)

    assert signed.level is reached
    assert [each.code for each in signed.shortfalls] == ([] if tokens == 3 else ["timestamp_unavailable"])
    assert (raised.level, raised.shortfalls) == (PadesLevel.B_LTA, ())
    assert raised.pdf.startswith(signed.pdf)
    assert len(signatures(raised.pdf)) == 2
    assert proved_by_stamps(raised.pdf, authority.roots)
    assert long_term_valid(raised.pdf, authority.roots, now) or tokens < 2


def test_a_failure_during_augmentation_keeps_what_was_won(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor, now: datetime
) -> None:
    services = authority.services
    signed = sign_copy(make_pdf(), request=request_for(PadesLevel.B_LTA), services=with_timestamps(services, 0))

    half = augment(signed.pdf, services=with_timestamps(services, 1), at=now)
    whole = augment(half.pdf, services=services, at=now)

    assert half.level is PadesLevel.B_LT
    assert whole.level is PadesLevel.B_LTA
    assert proved_by_stamps(whole.pdf, authority.roots)


def test_without_revocation_data_the_level_is_b_t_until_it_can_be_had(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor, now: datetime
) -> None:
    services = authority.services
    offline = SigningServices(trust=replace(services.trust, revocation=NoRevocation()), timestamps=services.timestamps)

    signed = sign_copy(make_pdf(), request=request_for(PadesLevel.B_LTA), services=offline)
    raised = augment(signed.pdf, services=services, at=now)

    assert signed.level is PadesLevel.B_T
    assert [each.code for each in signed.shortfalls] == ["revocation_unavailable"]
    assert raised.level is PadesLevel.B_LTA
    assert long_term_valid(raised.pdf, authority.roots, now)


def test_a_copy_at_its_level_is_left_as_it_is(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor, now: datetime
) -> None:
    signed = sign_copy(make_pdf(), request=request_for(PadesLevel.B_LTA), services=authority.services)

    again = augment(signed.pdf, services=authority.services, at=now)

    assert again == signed


def test_an_archive_timestamp_is_renewed_before_its_certificate_expires(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor, now: datetime
) -> None:
    signed = sign_copy(make_pdf(), request=request_for(PadesLevel.B_LTA), services=authority.services)
    due = renewal_due(signed.pdf, margin=timedelta(days=100))
    assert due is not None
    assert signed.renew_before == due + timedelta(days=100)
    timestamper = authority.services.timestamps
    assert isinstance(timestamper, LocalTimestamper)
    later = now + timedelta(days=20)
    services = replace(authority.services, timestamps=replace(timestamper, clock=lambda: later))

    renewed = augment(signed.pdf, services=services, at=later, renew=True)

    assert renewed.pdf.startswith(signed.pdf)
    assert len(stamps(renewed.pdf)) == 2
    assert long_term_valid(renewed.pdf, authority.roots, later)


def test_a_pdf_without_signature_cannot_be_augmented(
    authority: DemonstrationAuthority, make_pdf: MakePdf, now: datetime
) -> None:
    with pytest.raises(NotReady):
        augment(make_pdf(), services=authority.services, at=now)
    assert renewal_due(make_pdf()) is None


@pytest.fixture
def reopened(tmp_path: Path, now: datetime) -> Callable[[datetime], DemonstrationAuthority]:
    """Return a function that opens one and the same authority at a time, with the lists of that time."""
    create_demonstration_authority(tmp_path / "demo", now=now)
    return lambda time: open_demonstration_authority(tmp_path / "demo", clock=lambda: time)


def signed_by_one(authority: DemonstrationAuthority, pdf: bytes, level: PadesLevel, at: datetime) -> bytes:
    role = SignerRole(key=authority.scanner, field=SignatureField(name="Scanner"))
    return sign_copy(
        pdf, request=SignatureRequest(signers=(role,), level=level, at=at), services=authority.services
    ).pdf


def test_signatures_that_nothing_proves_cannot_be_raised_after_their_certificates_expired(
    reopened: Callable[[datetime], DemonstrationAuthority], make_pdf: MakePdf, now: datetime
) -> None:
    later = now + timedelta(days=11 * 365)
    bare = signed_by_one(reopened(now), make_pdf(), PadesLevel.B_B, now)

    with pytest.raises(CertificateUnusable, match="hết hạn"):
        augment(bare, services=reopened(later).services, at=later)


def test_a_timestamp_keeps_signatures_raisable_after_their_certificates_expired(
    reopened: Callable[[datetime], DemonstrationAuthority], make_pdf: MakePdf, now: datetime
) -> None:
    later = now + timedelta(days=11 * 365)
    stamped = signed_by_one(reopened(now), make_pdf(), PadesLevel.B_T, now)

    raised = augment(stamped, services=reopened(later).services, at=later)

    assert (raised.level, raised.shortfalls) == (PadesLevel.B_LTA, ())


@pytest.mark.slow
@pytest.mark.tools
def test_a_copy_stays_pdf_a_through_augmentation_and_renewal(
    authority: DemonstrationAuthority, now: datetime, tmp_path: Path
) -> None:
    copy = make_copy(authority, now, pages=1, level=PadesLevel.B_B)

    raised = augment(copy.pdf, services=authority.services, at=now)
    renewed = augment(raised.pdf, services=authority.services, at=now, renew=True)

    with open_verapdf(tmp_path) as judge:
        assert [judge.check(each, "2u") for each in (copy.pdf, raised.pdf, renewed.pdf)] == ["PASS"] * 3
