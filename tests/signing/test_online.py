import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from asn1crypto import tsp
from signing_judges import long_term_valid, signatures
from signing_pki import Pki, serve

from domain.errors import CertificateUnusable, SigningError, TimestampUnavailable, ToolError
from domain.models import PadesLevel
from signing.authority import DemonstrationAuthority
from signing.online import HttpRevocation, HttpTimestamper
from signing.pades import SignatureField, SignatureRequest, SignedCopy, SignerRole, SigningServices, sign_copy
from signing.remote import Call, Service, ServiceOptions
from signing.services import EvidenceMemory
from signing.timestamps import LocalTimestamper, token_time

DIGEST = bytes(32)
QUICK = ServiceOptions(timeout=2, tries=2, pause=0.01)
MakePdf = Callable[..., bytes]
Respond = Callable[[bytes], bytes]


def application(respond: Respond, status: str = "200 OK") -> Callable[[WSGIEnvironment, StartResponse], list[bytes]]:
    def answer(environment: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
        data = respond(body)
        start(status, [("Content-Length", str(len(data)))])
        return [data]

    return answer


@pytest.fixture
def honest(authority: DemonstrationAuthority) -> LocalTimestamper:
    timestamper = authority.services.timestamps
    assert isinstance(timestamper, LocalTimestamper)
    return timestamper


def with_request(honest: LocalTimestamper, **changes: object) -> Respond:
    """Answer another request than the one that came in."""

    def respond(body: bytes) -> bytes:
        request = tsp.TimeStampReq.load(body)
        for name, value in changes.items():
            request[name] = value
        return honest.respond(request)

    return respond


def tampered(honest: LocalTimestamper) -> Respond:
    def respond(body: bytes) -> bytes:
        data = bytearray(honest.respond(tsp.TimeStampReq.load(body)))
        data[-10] ^= 1
        return bytes(data)

    return respond


def test_a_good_answer_is_a_token_over_the_digest(honest: LocalTimestamper, now: datetime) -> None:
    with serve(application(lambda body: honest.respond(tsp.TimeStampReq.load(body)))) as url:
        service = HttpTimestamper(url, options=QUICK)
        first_reserve = service.reserve
        token = service.timestamp(DIGEST, "sha256")

    assert token_time(token) == now
    assert len(token.dump()) < service.reserve < first_reserve


BAD_ANSWERS: dict[str, Callable[[LocalTimestamper], Respond]] = {
    "garbage": lambda _: lambda _body: b"<html>502 Bad Gateway</html>",
    "empty": lambda _: lambda _body: b"",
    "refused": lambda _: lambda _body: tsp.TimeStampResp({"status": {"status": "rejection"}}).dump(),
    "wrong imprint": lambda honest: with_request(
        honest, message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"\x01" * 32}
    ),
    "other nonce": lambda honest: with_request(honest, nonce=1),
    "tampered": tampered,
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_a_bad_answer_is_no_token(name: str, honest: LocalTimestamper) -> None:
    with (
        serve(application(BAD_ANSWERS[name](honest))) as url,
        pytest.raises(TimestampUnavailable) as raised,
    ):
        HttpTimestamper(url, options=QUICK).timestamp(DIGEST, "sha256")

    assert "\n" not in str(raised.value)


def test_a_late_answer_is_not_waited_for(honest: LocalTimestamper) -> None:
    over = threading.Event()

    def late(body: bytes) -> bytes:
        over.wait(20)
        return honest.respond(tsp.TimeStampReq.load(body))

    with serve(application(late)) as url:
        service = HttpTimestamper(url, options=ServiceOptions(timeout=0.2, tries=1))
        with pytest.raises(TimestampUnavailable, match="không trả lời"):
            service.timestamp(DIGEST, "sha256")
        over.set()


def test_an_answer_that_trickles_in_is_not_waited_for() -> None:
    over = threading.Event()
    sent: list[int] = []

    def trickle(_: WSGIEnvironment, start: StartResponse) -> Iterator[bytes]:
        start("200 OK", [("Content-Length", "100000")])
        for number in range(200):
            sent.append(number)
            yield b"0" * 16
            if over.wait(0.05):
                return

    with serve(trickle) as url:
        service = Service(ServiceOptions(timeout=0.4, tries=1))
        with pytest.raises(ToolError):
            service.fetch(Call(url=url))
        over.set()
    assert len(sent) < 100


def test_an_error_is_tried_again_and_a_service_that_stays_down_is_left_alone_for_a_while(
    honest: LocalTimestamper,
) -> None:
    calls: list[int] = []

    def down(_: bytes) -> bytes:
        calls.append(1)
        return b""

    with serve(application(down, "503 Service Unavailable")) as url:
        service = HttpTimestamper(url, options=replace(QUICK, tries=3))
        for _ in range(3):
            with pytest.raises(TimestampUnavailable):
                service.timestamp(DIGEST, "sha256")

    assert len(calls) == 3


def test_no_more_calls_run_at_once_than_allowed(honest: LocalTimestamper) -> None:
    lock = threading.Lock()
    running, most = 0, 0

    def slow(body: bytes) -> bytes:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.05)
        with lock:
            running -= 1
        return honest.respond(tsp.TimeStampReq.load(body))

    with serve(application(slow)) as url:
        service = HttpTimestamper(url, options=replace(QUICK, at_once=2))
        threads = [threading.Thread(target=service.timestamp, args=(DIGEST, "sha256")) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert most == 2


@pytest.mark.parametrize("minutes", [-30, 30])
def test_a_clock_that_differs_from_the_time_authority_stops_signing(
    minutes: int, authority: DemonstrationAuthority, honest: LocalTimestamper, make_pdf: MakePdf, now: datetime
) -> None:
    skewed = replace(honest, clock=lambda: now + timedelta(minutes=minutes))
    role = SignerRole(key=authority.certifier, field=SignatureField(name="Certifier"))

    with pytest.raises(SigningError, match=r"Đồng hồ.*1800 giây"):
        sign_copy(
            make_pdf(),
            request=SignatureRequest(signers=(role,), level=PadesLevel.B_LTA, at=now),
            services=replace(authority.services, timestamps=skewed),
        )


def sign_with(pki: Pki, name: str, services: SigningServices, pdf: bytes, level: PadesLevel) -> SignedCopy:
    roles = tuple(
        SignerRole(key=pki.key(each), field=SignatureField(name=field))
        for each, field in ((name, "Certifier"), ("agency", "Agency"))
    )
    request = SignatureRequest(signers=roles, level=level, at=datetime.now(UTC))
    return sign_copy(pdf, request=request, services=services)


@pytest.mark.parametrize("name", ["certifier", "rsa"])
def test_with_services_over_http_a_copy_reaches_b_lta_and_stands_on_its_own(
    name: str, pki: Pki, pki_services: SigningServices, make_pdf: MakePdf
) -> None:
    copy = sign_with(pki, name, pki_services, make_pdf(), PadesLevel.B_LTA)

    assert (copy.level, copy.shortfalls) == (PadesLevel.B_LTA, ())
    assert len(signatures(copy.pdf)) == 2
    assert long_term_valid(copy.pdf, pki.roots, datetime.now(UTC))


@pytest.mark.parametrize("level", [PadesLevel.B_B, PadesLevel.B_LTA])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("revoked", "thu hồi"),
        ("expired", "hết hạn"),
        ("early", "chỉ có hiệu lực từ"),
        ("server", "không được cấp để ký"),
    ],
)
def test_a_certificate_that_may_not_be_used_signs_at_no_level(
    name: str, words: str, level: PadesLevel, pki: Pki, pki_services: SigningServices, make_pdf: MakePdf
) -> None:
    with pytest.raises(CertificateUnusable, match=words):
        sign_with(pki, name, pki_services, make_pdf(), level)


def test_a_certificate_of_an_unknown_authority_does_not_sign(
    pki: Pki, pki_services: SigningServices, authority: DemonstrationAuthority, make_pdf: MakePdf
) -> None:
    strangers = replace(pki_services, trust=replace(pki_services.trust, roots=authority.roots, intermediates=()))

    with pytest.raises(CertificateUnusable, match="tin cậy"):
        sign_with(pki, "certifier", replace(strangers, memory=EvidenceMemory()), make_pdf(), PadesLevel.B_B)


def test_timestamps_of_an_unknown_authority_are_left_out(
    pki: Pki, pki_services: SigningServices, honest: LocalTimestamper, make_pdf: MakePdf
) -> None:
    stranger = replace(honest, clock=lambda: datetime.now(UTC))

    copy = sign_with(pki, "certifier", replace(pki_services, timestamps=stranger), make_pdf(), PadesLevel.B_LTA)

    assert copy.level is PadesLevel.B_B
    assert [each.code for each in copy.shortfalls] == ["timestamp_untrusted"]


def test_with_revocation_services_down_a_copy_reaches_b_t(
    pki: Pki, pki_services: SigningServices, make_pdf: MakePdf
) -> None:
    hurried = Service(ServiceOptions(timeout=0.0001, tries=1))
    nothing = HttpRevocation(service=hurried, clock=lambda: datetime.now(UTC))
    trust = replace(pki_services.trust, revocation=nothing)

    copy = sign_with(
        pki,
        "certifier",
        SigningServices(trust=trust, timestamps=pki_services.timestamps),
        make_pdf(),
        PadesLevel.B_LTA,
    )

    assert copy.level is PadesLevel.B_T
    assert [each.code for each in copy.shortfalls] == ["revocation_unavailable"]


class CountingService(Service):
    calls = 0

    def fetch(self, call: Call) -> bytes:
        self.calls += 1
        return super().fetch(call)


def test_answers_about_certificates_are_kept_for_a_while_only(pki: Pki) -> None:
    moment = datetime.now(UTC)
    service = CountingService(QUICK)
    source = HttpRevocation(service=service, clock=lambda: moment, max_age=timedelta(minutes=5))
    key = pki.key("certifier")
    pairs = [(key.certificate, key.chain[0] if key.chain[0].subject == key.certificate.issuer else key.chain[1])]

    first = source.collect(pairs)
    again = source.collect(pairs)
    moment += timedelta(minutes=6)
    source.collect(pairs)

    assert len(first.ocsps) == 1
    assert again.ocsps[0].dump() == first.ocsps[0].dump()
    assert service.calls == 2
