import hashlib
import logging
import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from attacks import ATTACKS
from certified_copies import open_authority
from certified_copies import sign as certify
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader

from domain.errors import ConfigurationError, DamagedDocument, EncryptedDocument, InputError
from domain.models import PadesLevel, Reason, Verdict
from signing.authority import DemonstrationAuthority
from signing.pades import SignatureField, SignatureRequest, SignerRole, sign_copy
from signing.trust import TrustStore, load_trust
from signing.validate import (
    ExpectedCopy,
    ExpectedSigner,
    check_own_copy,
    inspect_own_copy,
    signature_grounds,
    validate_signatures,
    verdict_of,
)

FIELDS = ("Certifier", "Agency")
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "pyhanko")


@pytest.fixture(scope="module")
def trust(authority: DemonstrationAuthority) -> TrustStore:
    return TrustStore(signers=authority.roots, timestamps=authority.roots, crls=authority.crls())


@pytest.fixture(scope="module")
def sign(authority: DemonstrationAuthority) -> Callable[..., bytes]:
    def make(pdf: bytes, level: PadesLevel = PadesLevel.B_LTA, at: datetime | None = None) -> bytes:
        roles = tuple(
            SignerRole(key=key, field=SignatureField(name=name))
            for name, key in zip(FIELDS, (authority.certifier, authority.agency), strict=True)
        )
        request = SignatureRequest(signers=roles, level=level, at=at or datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
        signed = sign_copy(pdf, request=request, services=authority.services)
        assert signed.level is level
        return signed.pdf

    return make


@pytest.fixture(scope="module")
def copy(sign: Callable[..., bytes], make_pdf: Callable[..., bytes]) -> bytes:
    return sign(make_pdf(2))


@pytest.fixture(scope="module")
def expected(authority: DemonstrationAuthority, copy: bytes) -> ExpectedCopy:
    keys = (authority.certifier, authority.agency)
    return ExpectedCopy(
        signers=tuple(
            ExpectedSigner(
                field_name=name,
                certificate_sha256=hashlib.sha256(key.certificate.dump()).hexdigest(),
                name=key.subject,
            )
            for name, key in zip(FIELDS, keys, strict=True)
        ),
        level=PadesLevel.B_LTA,
        sha256=hashlib.sha256(copy).hexdigest(),
    )


def bad(reasons: tuple[Reason, ...]) -> set[str]:
    return {reason.code for reason in reasons if not reason.good}


def test_our_own_copy_is_accepted_with_every_ground_named(
    copy: bytes, expected: ExpectedCopy, trust: TrustStore, now: datetime
) -> None:
    reasons = check_own_copy(copy, expected=expected, trust=trust, at=now)

    assert bad(reasons) == set()
    assert {reason.code for reason in reasons} >= {"digest_equal", "signature_valid", "file_covered"}


def test_the_report_names_signers_levels_and_times(copy: bytes, trust: TrustStore, now: datetime) -> None:
    reports = validate_signatures(copy, trust=trust, at=now)

    assert [(r.field_name, r.is_timestamp, r.valid) for r in reports[:2]] == [(n, False, True) for n in FIELDS]
    assert {r.level for r in reports[:2]} == {PadesLevel.B_LTA}
    assert reports[-1].is_timestamp
    assert reports[-1].covers_whole_file
    assert all(r.timestamped_at == now for r in reports)
    assert [r.revision for r in reports] == sorted(r.revision for r in reports)


@pytest.mark.parametrize("level", [PadesLevel.B_B, PadesLevel.B_T, PadesLevel.B_LT])
def test_a_copy_of_a_lower_level_is_accepted_as_what_it_is(
    level: PadesLevel,
    sign: Callable[..., bytes],
    make_pdf: Callable[..., bytes],
    expected: ExpectedCopy,
    trust: TrustStore,
    now: datetime,
) -> None:
    lower = sign(make_pdf(), level)
    own = replace(expected, level=level, sha256=hashlib.sha256(lower).hexdigest())
    highest = replace(own, level=PadesLevel.B_LTA)

    assert bad(check_own_copy(lower, expected=own, trust=trust, at=now)) == set()
    assert "file_not_covered" in bad(check_own_copy(lower, expected=highest, trust=trust, at=now))


def test_a_copy_outlives_its_signers_certificates(
    copy: bytes, expected: ExpectedCopy, trust: TrustStore, now: datetime
) -> None:
    in_fifteen_years = now + timedelta(days=15 * 365)

    assert bad(check_own_copy(copy, expected=expected, trust=trust, at=in_fifteen_years)) == set()


def test_a_copy_without_time_stamps_does_not(
    sign: Callable[..., bytes], make_pdf: Callable[..., bytes], trust: TrustStore, now: datetime
) -> None:
    reports = validate_signatures(sign(make_pdf(), PadesLevel.B_B), trust=trust, at=now + timedelta(days=15 * 365))

    assert {p.code for r in reports for p in r.problems} == {"certificate_expired"}


def test_signers_of_another_authority_are_not_ours(
    copy: bytes, expected: ExpectedCopy, trust: TrustStore, now: datetime
) -> None:
    elsewhere = TrustStore(agencies=trust.signers, timestamps=trust.timestamps)

    assert "no_trusted_root" in bad(check_own_copy(copy, expected=expected, trust=elsewhere, at=now))
    assert all(report.valid for report in validate_signatures(copy, trust=elsewhere, at=now))


def test_without_any_trusted_root_integrity_is_still_told(copy: bytes, now: datetime) -> None:
    reports = validate_signatures(copy, trust=TrustStore(), at=now)

    assert all(report.intact and not report.trusted for report in reports)
    assert {p.code for r in reports for p in r.problems} >= {"no_trusted_root"}


@pytest.mark.parametrize("change", ["name", "fingerprint", "field"])
def test_another_signer_than_the_register_names_is_refused(
    change: str, copy: bytes, expected: ExpectedCopy, trust: TrustStore, now: datetime
) -> None:
    first, second = expected.signers
    other = {
        "name": replace(first, name="Người khác", certificate_sha256=""),
        "fingerprint": replace(first, certificate_sha256="00" * 32),
        "field": replace(first, field_name="Ai"),
    }[change]
    found = bad(check_own_copy(copy, expected=replace(expected, signers=(other, second)), trust=trust, at=now))

    assert found == ({"signature_missing", "signature_unexpected"} if change == "field" else {"signer_unexpected"})


def test_a_clock_that_is_slow_makes_the_signatures_come_from_the_future(
    copy: bytes, expected: ExpectedCopy, trust: TrustStore, now: datetime
) -> None:
    found = bad(check_own_copy(copy, expected=expected, trust=trust, at=now - timedelta(hours=2)))

    assert {"signature_from_future", "timestamp_from_future"} <= found


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"not a pdf" * 100, b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_pdf_is_refused(data: bytes, expected: ExpectedCopy, trust: TrustStore, now: datetime) -> None:
    assert "file_unreadable" in bad(check_own_copy(data, expected=expected, trust=trust, at=now))
    with pytest.raises(DamagedDocument):
        validate_signatures(data, trust=trust, at=now)


def test_an_encrypted_pdf_is_named_as_such(trust: TrustStore, now: datetime) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    buffer = BytesIO()
    pdf.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))

    with pytest.raises(EncryptedDocument):
        validate_signatures(buffer.getvalue(), trust=trust, at=now)


def test_an_unsigned_pdf_has_no_reports_and_is_not_ours(
    make_pdf: Callable[..., bytes], expected: ExpectedCopy, trust: TrustStore, now: datetime
) -> None:
    assert validate_signatures(make_pdf(), trust=trust, at=now) == ()
    assert bad(check_own_copy(make_pdf(), expected=expected, trust=trust, at=now)) >= {
        "signature_missing",
        "digest_differs",
        "file_not_covered",
    }


def test_trust_is_read_from_a_folder_in_pem_and_der(
    tmp_path: Path, authority: DemonstrationAuthority, copy: bytes, now: datetime
) -> None:
    root = x509.load_der_x509_certificate(authority.roots[0])
    for name in ("signers", "timestamps", "crls"):
        (tmp_path / name).mkdir()
    (tmp_path / "signers" / "root.pem").write_bytes(root.public_bytes(Encoding.PEM) * 2)
    (tmp_path / "timestamps" / "root.der").write_bytes(authority.roots[0])
    (tmp_path / "timestamps" / "README").write_text("not a certificate")
    (tmp_path / "crls" / "one.crl").write_bytes(authority.crls()[0])
    found = load_trust(tmp_path)

    assert found.signers == authority.roots * 2
    assert (found.timestamps, found.crls) == (authority.roots, authority.crls()[:1])
    assert all(report.valid for report in validate_signatures(copy, trust=found, at=now))


def test_a_broken_file_of_trust_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "signers").mkdir()
    (tmp_path / "signers" / "root.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")

    with pytest.raises(ConfigurationError, match=r"root\.pem"):
        load_trust(tmp_path)
    with pytest.raises(ConfigurationError):
        load_trust(tmp_path / "nowhere")


def test_every_reason_of_this_package_has_words_in_both_languages() -> None:
    words: dict[str, object] = {}
    for entry in (files("configs") / "messages").iterdir():
        words |= tomllib.loads(entry.read_text("utf-8"))
    source = "".join(path.read_text("utf-8") for path in Path(__file__).parents[2].glob("signing/*.py"))
    codes = set(re.findall(r'(?:code=|_refused\(|codes?\.append\(|return )"([a-z]+(?:_[a-z]+)+)"', source))

    assert len(codes) > 20
    assert codes - set(words) == set()
    own = tomllib.loads((files("configs") / "messages" / "reasons.toml").read_text("utf-8"))
    assert all({"vi", "en"} <= set(entry) for entry in own.values())


def test_one_inspection_gives_the_same_grounds_and_the_reports(
    copy: bytes, expected: ExpectedCopy, trust: TrustStore, now: datetime
) -> None:
    found = inspect_own_copy(copy, expected=expected, trust=trust, at=now)

    assert found.reasons == check_own_copy(copy, expected=expected, trust=trust, at=now)
    assert found.signatures == validate_signatures(copy, trust=trust, at=now)
    assert inspect_own_copy(b"", expected=expected, trust=trust, at=now).signatures == ()


# ---------------------------------------------------------------- documents of other agencies


@pytest.fixture(scope="module")
def foreign(make_pdf: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, TrustStore]:
    """A document that another agency signed with its own certificates, and trust in that agency."""
    agency = open_authority(tmp_path_factory.mktemp("foreign") / "agency", NOW)
    trust = TrustStore(agencies=agency.roots, timestamps=agency.roots, crls=agency.crls())
    return certify(agency, make_pdf(), NOW, PadesLevel.B_T), trust


def codes(reasons: tuple[Reason, ...], *, good: bool) -> set[str]:
    return {reason.code for reason in reasons if reason.good == good}


def test_a_foreign_document_with_a_configured_root_is_valid(foreign: tuple[bytes, TrustStore]) -> None:
    pdf, trust = foreign
    first, last = validate_signatures(pdf, trust=trust, at=NOW)

    assert first.valid
    assert last.valid
    assert first.level is PadesLevel.B_LT  # the configured lists say what a B-T file does not carry
    assert codes(signature_grounds(first), good=True) == {
        "signature_intact",
        "signature_covers_revision",
        "certificate_trusted",
        "time_proven",
    }
    assert "signature_covers_file" in codes(signature_grounds(last), good=True)


def test_a_foreign_document_without_a_root_says_what_could_not_be_checked(foreign: tuple[bytes, TrustStore]) -> None:
    grounds = signature_grounds(validate_signatures(foreign[0], trust=TrustStore(), at=NOW)[0])

    assert codes(grounds, good=True) == {"signature_intact", "signature_covers_revision", "time_claimed"}
    assert codes(grounds, good=False) == {"no_trusted_root", "timestamp_no_trusted_root"}


def test_a_foreign_document_with_the_root_but_no_time_stamp_root_says_so(foreign: tuple[bytes, TrustStore]) -> None:
    pdf, trust = foreign
    elsewhere = replace(trust, timestamps=trust.crls[:0])

    assert codes(signature_grounds(validate_signatures(pdf, trust=elsewhere, at=NOW)[0]), good=False) == {
        "timestamp_no_trusted_root"
    }


def test_a_foreign_document_of_which_nobody_knows_whether_the_signer_was_revoked_says_so(
    foreign: tuple[bytes, TrustStore],
) -> None:
    pdf, trust = foreign
    grounds = signature_grounds(validate_signatures(pdf, trust=replace(trust, crls=()), at=NOW)[0])

    assert codes(grounds, good=False) == {"revocation_unknown"}


@pytest.mark.parametrize("name", ["isa_replaced_page", "shadow_hide_and_replace", "stamp_annotation", "added_script"])
def test_a_foreign_document_that_was_changed_after_signing_says_so(
    name: str, foreign: tuple[bytes, TrustStore]
) -> None:
    pdf, trust = foreign
    for report in validate_signatures(ATTACKS[name](pdf), trust=trust, at=NOW):
        assert report.intact
        assert "changed_after_signing" in codes(signature_grounds(report), good=False)


@pytest.mark.parametrize("name", ["isa_without_xref", "polyglot_tail"])
def test_bytes_behind_a_foreign_document_are_told(name: str, foreign: tuple[bytes, TrustStore]) -> None:
    pdf, trust = foreign
    last = validate_signatures(ATTACKS[name](pdf), trust=trust, at=NOW)[-1]

    assert codes(last.problems, good=False) == {"bytes_after_end"}


def hybrid(pdf: bytes) -> bytes:
    """Append a revision with a table and a stream of cross-references, of which each reader may take another."""
    previous = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    reader = PdfFileReader(BytesIO(pdf))
    size, root = int(reader.trailer["/Size"]), reader.trailer.raw_get("/Root").idnum
    start = len(pdf) + 1
    entry = b"\x01" + start.to_bytes(4, "big") + b"\x00"
    body = b"\n%d 0 obj\n<< /Type /XRef /Size %d /W [1 4 1] /Index [%d 1] /Root %d 0 R /Length 6 >>\nstream\n%s\n" % (
        size, size + 1, size, root, entry
    ) + b"endstream\nendobj\n"  # fmt: skip
    table = len(pdf) + len(body)
    trailer = b"<< /Root %d 0 R /Size %d /Prev %d /XRefStm %d >>" % (root, size + 1, previous, start)
    return pdf + body + b"xref\n0 0\ntrailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, table)


def test_a_foreign_document_that_is_built_badly_is_read_all_the_same_and_never_valid(
    foreign: tuple[bytes, TrustStore],
) -> None:
    pdf, trust = foreign
    reports = validate_signatures(hybrid(pdf), trust=trust, at=NOW)

    assert [report.intact for report in reports] == [True, True]
    assert not any(report.valid for report in reports)
    assert all("file_unusual" in codes(report.problems, good=False) for report in reports)


def test_blank_lines_behind_a_foreign_document_do_no_harm(foreign: tuple[bytes, TrustStore]) -> None:
    pdf, trust = foreign

    assert all(report.valid for report in validate_signatures(pdf + b"\r\n\r\n", trust=trust, at=NOW))


def test_a_signature_that_cannot_be_read_is_reported_as_such_and_the_others_are_checked(
    foreign: tuple[bytes, TrustStore],
) -> None:
    pdf, trust = foreign
    broken = ATTACKS["negative_byte_range"](pdf)
    reports = validate_signatures(broken, trust=trust, at=NOW)

    assert codes(reports[-1].problems, good=False) == {"signature_unreadable"}
    assert reports[0].intact


@pytest.mark.parametrize(
    ("bad_codes", "verdict"),
    [
        ([], Verdict.GENUINE),
        (["certificate_expired"], Verdict.UNDECIDED),
        (["no_trusted_root", "timestamp_no_trusted_root"], Verdict.UNDECIDED),
        (["certificate_expired", "pages_changed"], Verdict.ALTERED),
        (["certificate_untrusted"], Verdict.ALTERED),
        (["anything_new"], Verdict.ALTERED),
    ],
)
def test_grounds_amount_to_a_verdict_and_what_is_unknown_to_the_worst(bad_codes: list[str], verdict: Verdict) -> None:
    reasons = [Reason(code="digest_equal", good=True), *(Reason(code=code, good=False) for code in bad_codes)]

    assert verdict_of(reasons) is verdict


def test_no_damage_to_a_file_makes_the_check_break_off_with_anything_but_a_message(
    foreign: tuple[bytes, TrustStore],
) -> None:
    pdf, trust = foreign
    generator = random.Random(4)
    answers = set()
    for _ in range(40):
        damaged = bytearray(pdf)
        for _ in range(generator.choice([1, 2, 8])):
            damaged[generator.randrange(len(damaged))] = generator.choice(b"0123456789 /<>[]()Robj\x00\xff")
        try:
            validate_signatures(bytes(damaged), trust=trust, at=NOW)
            answers.add("reports")
        except InputError as error:
            answers.add(type(error).__name__)
            assert "\n" not in str(error)

    assert answers == {"reports", "DamagedDocument"}
