from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from asn1crypto import x509

from domain.models import PadesLevel
from signing.authority import DemonstrationAuthority
from signing.pades import SignatureField, SignatureRequest, SignerRole, sign_copy
from signing.revocation import RevocationData, RevocationSource
from signing.services import EvidenceMemory, SigningServices

MakePdf = Callable[..., bytes]


@dataclass
class CountingSource:
    """Counts how often the state of a certificate was asked for."""

    inner: RevocationSource
    asked: int = 0

    def collect(self, pairs: Iterable[tuple[x509.Certificate, x509.Certificate]]) -> RevocationData:
        self.asked += 1
        return self.inner.collect(pairs)


def counting(authority: DemonstrationAuthority, **changes: EvidenceMemory) -> tuple[SigningServices, CountingSource]:
    source = CountingSource(authority.services.trust.revocation)
    trust = replace(authority.services.trust, revocation=source)
    return SigningServices(trust=trust, timestamps=authority.services.timestamps, **changes), source


def sign(authority: DemonstrationAuthority, services: SigningServices, pdf: bytes, at: datetime) -> PadesLevel:
    role = SignerRole(key=authority.certifier, field=SignatureField(name="Certifier"))
    request = SignatureRequest(signers=(role,), level=PadesLevel.B_LT, at=at)
    return sign_copy(pdf, request=request, services=services).level


def test_a_batch_asks_once_for_the_state_of_each_certificate(
    authority: DemonstrationAuthority, make_pdf: MakePdf, now: datetime
) -> None:
    services, source = counting(authority)

    levels = {sign(authority, services, make_pdf(), now) for _ in range(3)}

    assert levels == {PadesLevel.B_LT}
    assert source.asked == 2  # the signer and the time-stamp authority


def test_the_state_is_asked_for_anew_when_the_answer_is_old(
    authority: DemonstrationAuthority, make_pdf: MakePdf, now: datetime
) -> None:
    services, source = counting(authority, memory=EvidenceMemory(timedelta(minutes=2)))
    services = replace(services, clock_tolerance=timedelta(hours=1))

    sign(authority, services, make_pdf(), now)
    sign(authority, services, make_pdf(), now + timedelta(minutes=3))

    assert source.asked == 3  # the time-stamps tell the same time twice


def test_nothing_that_is_not_complete_is_remembered(
    authority: DemonstrationAuthority, make_pdf: MakePdf, now: datetime
) -> None:
    class Nothing:
        def collect(self, pairs: Iterable[tuple[x509.Certificate, x509.Certificate]]) -> RevocationData:
            return RevocationData()

    services, source = counting(authority)
    source.inner = Nothing()
    assert sign(authority, services, make_pdf(), now) is PadesLevel.B_T

    source.inner = authority.services.trust.revocation

    assert sign(authority, services, make_pdf(), now) is PadesLevel.B_LT
