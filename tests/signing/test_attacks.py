import logging
import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from asn1crypto import cms
from attacks import ATTACKS, revision_ends
from certified_copies import FIELDS, HOST, CertifiedCopy, make_copy, open_authority, sign, trust_of
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper

from domain.models import PadesLevel, Reason, RecordState, Verdict
from ocr.archive.digest import content_digest_of
from signing.authority import DemonstrationAuthority
from signing.qr import judge_host, parse_code, verification_link
from signing.revisions import changed_pages
from signing.seal import read_seal
from signing.status_list import make_status_list, read_status_list
from signing.trust import TrustStore
from signing.validate import check_own_copy, validate_signatures, verdict_of

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
HARMLESS_UNDER_A_TIME_STAMP = {"rolled_back_one"}
"""Both signatures hold and all pages are there: only the archive time-stamp was exchanged for a later one."""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "pyhanko")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacked") / "authority"


@pytest.fixture(scope="module")
def issuer(folder: Path) -> DemonstrationAuthority:
    return open_authority(folder, NOW)


@pytest.fixture(scope="module")
def trust(issuer: DemonstrationAuthority) -> TrustStore:
    return trust_of(issuer)


@pytest.fixture(scope="module")
def certified(issuer: DemonstrationAuthority) -> CertifiedCopy:
    return make_copy(issuer, NOW, pages=1)


def bad(reasons: tuple[Reason, ...]) -> set[str]:
    return {reason.code for reason in reasons if not reason.good}


def test_the_copy_that_is_attacked_is_genuine(certified: CertifiedCopy, trust: TrustStore) -> None:
    with_register = check_own_copy(certified.pdf, expected=certified.expected, trust=trust, at=NOW)
    without = check_own_copy(certified.pdf, expected=replace(certified.expected, sha256=""), trust=trust, at=NOW)

    assert verdict_of(with_register) is verdict_of(without) is Verdict.GENUINE


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attacked_copy_is_altered_with_the_register_and_without(
    name: str, certified: CertifiedCopy, trust: TrustStore
) -> None:
    forged = ATTACKS[name](certified.pdf)
    reasons = check_own_copy(forged, expected=certified.expected, trust=trust, at=NOW)

    assert forged != certified.pdf
    assert "digest_differs" in bad(reasons)
    assert verdict_of(reasons) is verdict_of(without_register(reasons)) is Verdict.ALTERED


@pytest.mark.parametrize("name", sorted(set(ATTACKS) - HARMLESS_UNDER_A_TIME_STAMP))
def test_a_genuine_time_stamp_over_an_attacked_copy_does_not_make_it_genuine(
    name: str, certified: CertifiedCopy, issuer: DemonstrationAuthority, trust: TrustStore
) -> None:
    forged = timestamped_again(ATTACKS[name](certified.pdf), issuer)
    reasons = check_own_copy(forged, expected=certified.expected, trust=trust, at=NOW)

    assert verdict_of(without_register(reasons)) is Verdict.ALTERED


@pytest.mark.parametrize("name", sorted(HARMLESS_UNDER_A_TIME_STAMP))
def test_what_shows_the_same_under_a_new_time_stamp_is_told_by_the_register(
    name: str, certified: CertifiedCopy, issuer: DemonstrationAuthority, trust: TrustStore
) -> None:
    forged = timestamped_again(ATTACKS[name](certified.pdf), issuer)

    assert changed_pages(certified.pdf[: revision_ends(certified.pdf)[1]], forged) == ()
    assert bad(check_own_copy(forged, expected=certified.expected, trust=trust, at=NOW)) >= {"digest_differs"}


def test_a_second_archive_time_stamp_is_no_attack(
    certified: CertifiedCopy, issuer: DemonstrationAuthority, trust: TrustStore
) -> None:
    renewed = timestamped_again(certified.pdf, issuer)

    assert bad(check_own_copy(renewed, expected=replace(certified.expected, sha256=""), trust=trust, at=NOW)) == set()


def test_any_byte_changed_anywhere_is_never_genuine(certified: CertifiedCopy, trust: TrustStore) -> None:
    assert survivors(certified, trust, sample_places(certified.pdf, anywhere=12, near_ends=3)) == []


def test_bytes_in_the_space_behind_a_signature_are_noticed_without_the_register(
    certified: CertifiedCopy, trust: TrustStore
) -> None:
    token = newest_token(certified.pdf)
    filled = bytearray(certified.pdf)
    filled[token.stop + 10 : token.stop + 14] = b"C0DE"
    lower = bytearray(certified.pdf)
    place = next(place for place in token if chr(lower[place]) in "ABCDEF")
    lower[place] |= 0x20

    for changed in (filled, lower):
        reasons = check_own_copy(bytes(changed), expected=certified.expected, trust=trust, at=NOW)
        assert bad(without_register(reasons)) == {"stray_bytes"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_none_of_many_bytes_changed_anywhere_is_genuine(seed: int, certified: CertifiedCopy, trust: TrustStore) -> None:
    assert survivors(certified, trust, sample_places(certified.pdf, anywhere=90, near_ends=30, seed=seed)) == []


def test_any_byte_changed_differs_from_the_register(certified: CertifiedCopy, trust: TrustStore) -> None:
    changed = bytearray(certified.pdf)
    changed[len(changed) // 2] ^= 1

    assert "digest_differs" in bad(check_own_copy(bytes(changed), expected=certified.expected, trust=trust, at=NOW))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99, 0.9999])
def test_a_copy_that_is_cut_short_is_not_genuine(part: float, certified: CertifiedCopy, trust: TrustStore) -> None:
    cut = certified.pdf[: int(len(certified.pdf) * part)]

    assert verdict_of(check_own_copy(cut, expected=certified.expected, trust=trust, at=NOW)) is Verdict.ALTERED


def test_a_file_signed_by_another_authority_with_the_same_names_is_not_ours(
    certified: CertifiedCopy, trust: TrustStore, tmp_path: Path
) -> None:
    forger = open_authority(tmp_path / "forger", NOW)
    forged = sign(forger, certified.composed, NOW)
    names_only = replace(
        certified.expected,
        sha256="",
        signers=tuple(replace(s, certificate_sha256="") for s in certified.expected.signers),
    )

    assert forger.certifier.subject == certified.expected.signers[0].name
    assert "certificate_untrusted" in bad(check_own_copy(forged, expected=names_only, trust=trust, at=NOW))


def test_another_paper_signed_by_the_right_people_is_not_this_one(
    certified: CertifiedCopy, issuer: DemonstrationAuthority, trust: TrustStore
) -> None:
    other = sign(issuer, certified.composed, NOW)

    assert bad(check_own_copy(other, expected=certified.expected, trust=trust, at=NOW)) == {"digest_differs"}


def test_signers_who_changed_places_are_refused(certified: CertifiedCopy, trust: TrustStore) -> None:
    first, second = certified.expected.signers
    swapped = (replace(first, field_name=FIELDS[1]), replace(second, field_name=FIELDS[0]))
    expected = replace(certified.expected, signers=swapped)

    assert bad(check_own_copy(certified.pdf, expected=expected, trust=trust, at=NOW)) == {"signer_unexpected"}


# ---------------------------------------------------------------- certificates


def test_a_certificate_revoked_before_the_signature_is_refused(
    certified: CertifiedCopy, issuer: DemonstrationAuthority, trust: TrustStore, folder: Path
) -> None:
    revoked = replace(trust, crls=(revocation_list(folder, issuer, NOW - timedelta(hours=1)),))

    assert "certificate_revoked" in bad(
        check_own_copy(certified.pdf, expected=certified.expected, trust=revoked, at=NOW)
    )


def test_a_certificate_revoked_later_does_not_harm_what_a_time_stamp_proves_to_be_older(
    certified: CertifiedCopy, issuer: DemonstrationAuthority, trust: TrustStore, folder: Path
) -> None:
    later = NOW + timedelta(days=30)
    revoked = replace(trust, crls=(revocation_list(folder, issuer, later),))
    reasons = check_own_copy(certified.pdf, expected=certified.expected, trust=revoked, at=later + timedelta(days=1))

    assert bad(reasons) == set()


def test_a_certificate_revoked_later_does_harm_what_no_time_stamp_proves(
    certified: CertifiedCopy, issuer: DemonstrationAuthority, trust: TrustStore, folder: Path
) -> None:
    later = NOW + timedelta(days=30)
    revoked = replace(trust, crls=(revocation_list(folder, issuer, later),))
    plain = sign(issuer, certified.composed, NOW, PadesLevel.B_B)
    reports = validate_signatures(plain, trust=revoked, at=later + timedelta(days=1))

    assert {p.code for p in reports[0].problems} == {"certificate_revoked"}


def test_an_expired_certificate_without_a_time_stamp_leaves_the_answer_open(
    certified: CertifiedCopy, issuer: DemonstrationAuthority, trust: TrustStore
) -> None:
    plain = sign(issuer, certified.composed, NOW, PadesLevel.B_B)
    expected = replace(certified.expected, sha256="", level=PadesLevel.B_B)
    reasons = check_own_copy(plain, expected=expected, trust=trust, at=NOW + timedelta(days=15 * 365))

    assert bad(reasons) == {"certificate_expired"}
    assert verdict_of(reasons) is Verdict.UNDECIDED


def test_a_wrong_trust_root_is_told_from_none(certified: CertifiedCopy, trust: TrustStore, tmp_path: Path) -> None:
    other = open_authority(tmp_path / "other", NOW)
    wrong = TrustStore(signers=other.roots, timestamps=other.roots)
    none = TrustStore(timestamps=trust.timestamps)

    assert "certificate_untrusted" in bad(
        check_own_copy(certified.pdf, expected=certified.expected, trust=wrong, at=NOW)
    )
    assert "no_trusted_root" in bad(check_own_copy(certified.pdf, expected=certified.expected, trust=none, at=NOW))


def test_a_copy_from_the_future_is_not_genuine_yet(certified: CertifiedCopy, trust: TrustStore) -> None:
    reasons = check_own_copy(certified.pdf, expected=certified.expected, trust=trust, at=NOW - timedelta(hours=1))

    assert bad(reasons) == {"signature_from_future", "timestamp_from_future"}
    assert verdict_of(reasons) is Verdict.UNDECIDED


# ---------------------------------------------------------------- codes and lists


def read_printed_code(pdf: bytes) -> str:
    """Render the page's code as it is drawn: dark squares of the content stream are enough for a reader."""
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=200 / 72, grayscale=True).to_numpy().squeeze()
    (code,) = zxingcpp.read_barcodes(np.ascontiguousarray(picture))
    return str(code.text)


def test_the_printed_code_of_a_certified_copy_leads_to_it_and_seals_its_pages(certified: CertifiedCopy) -> None:
    code = parse_code(read_printed_code(certified.pdf))
    reading = read_seal(code.seal, certified.seal_keys, on=NOW.date())

    assert judge_host(code.host, frozenset({HOST})).good
    assert reading.content == certified.content
    assert code.document_id == certified.content.document_id


def test_a_code_swapped_onto_another_link_names_another_paper(certified: CertifiedCopy) -> None:
    code = parse_code(verification_link(HOST, "fedcba9876543210") + "#" + certified.seal)
    content = read_seal(code.seal, certified.seal_keys).content

    assert content is not None
    assert content.document_id != code.document_id


def test_a_genuine_code_on_other_pages_does_not_seal_them(certified: CertifiedCopy) -> None:
    forged = ATTACKS["shadow_hide_and_replace"](certified.pdf)

    assert read_seal(certified.seal, certified.seal_keys).holds
    assert content_digest_of(forged) != certified.content.content_sha256


def test_the_seal_alone_does_not_vouch_for_a_file_that_was_painted_over(
    certified: CertifiedCopy, trust: TrustStore
) -> None:
    forged = ATTACKS["painted_over"](certified.pdf)
    anybody = replace(certified.expected, sha256="", level=PadesLevel.B_B)

    assert content_digest_of(forged) == certified.content.content_sha256
    assert bad(check_own_copy(forged, expected=anybody, trust=trust, at=NOW)) == {"signature_missing"}
    assert bad(check_own_copy(certified.pdf, expected=anybody, trust=trust, at=NOW)) == set()


def test_a_withdrawn_copy_that_is_played_again_is_found_in_the_list(
    certified: CertifiedCopy, trust: TrustStore
) -> None:
    before = make_status_list({}, size=1 << 17, number=811, issued_at=NOW, key=certified.seal_key)
    after = make_status_list(
        {certified.content.status_index: RecordState.WITHDRAWN},
        size=1 << 17,
        number=812,
        issued_at=NOW + timedelta(hours=1),
        key=certified.seal_key,
    )
    index = certified.content.status_index

    assert (
        verdict_of(check_own_copy(certified.pdf, expected=certified.expected, trust=trust, at=NOW)) is Verdict.GENUINE
    )
    assert read_status_list(before, certified.seal_keys).state(index).state is RecordState.IN_FORCE
    assert read_status_list(after, certified.seal_keys).state(index).state is RecordState.WITHDRAWN


def test_a_seal_of_tomorrow_is_not_believed_today(certified: CertifiedCopy) -> None:
    assert not read_seal(certified.seal, certified.seal_keys, on=date(2026, 11, 1)).holds


# ---------------------------------------------------------------- the second opinion


def test_two_copies_that_show_the_same_have_no_changed_pages(certified: CertifiedCopy) -> None:
    ends = revision_ends(certified.pdf)

    assert changed_pages(certified.pdf[: ends[1]], certified.pdf) == ()
    assert changed_pages(certified.pdf, certified.pdf) == ()


def test_the_page_that_changed_is_named(certified: CertifiedCopy) -> None:
    assert changed_pages(certified.pdf, ATTACKS["isa_replaced_page"](certified.pdf)) == (1,)
    assert changed_pages(certified.pdf, ATTACKS["page_inserted"](certified.pdf)) == (0,)


def sample_places(pdf: bytes, *, anywhere: int, near_ends: int, seed: int = 2026) -> list[int]:
    """Return places all over the file, and some in the tables and signatures before the end of each revision."""
    generator = random.Random(seed)
    places = {generator.randrange(len(pdf)) for _ in range(anywhere)} | {0, len(pdf) - 1}
    for end in revision_ends(pdf)[1:]:
        places |= {end - generator.randrange(1, 12_000) for _ in range(near_ends)}
    return sorted(places)


def survivors(certified: CertifiedCopy, trust: TrustStore, places: list[int]) -> list[int]:
    """Return the places where a changed bit goes unnoticed.

    Somebody who cannot ask the register notices all of them but those in the newest time-stamp itself: nothing signs
    the certificates that it brings along.
    """
    generator = random.Random(711)
    newest = newest_token(certified.pdf)
    unnoticed = []
    for place in places:
        changed = bytearray(certified.pdf)
        changed[place] ^= 1 << generator.randrange(8)
        reasons = check_own_copy(bytes(changed), expected=certified.expected, trust=trust, at=NOW)
        if place not in newest:
            reasons = without_register(reasons)
        if verdict_of(reasons) is not Verdict.ALTERED:
            unnoticed.append(place)
    return unnoticed


def newest_token(pdf: bytes) -> range:
    """Return where the newest time-stamp stands, without the space kept behind it."""
    _, start, end, _ = map(int, re.findall(rb"/ByteRange ?\[(\d+) (\d+) (\d+) (\d+)", pdf)[-1])
    token = cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : end - 1].decode())).dump()
    return range(start + 1, start + 1 + 2 * len(token))


def without_register(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Return what would have been found by somebody who cannot ask the register."""
    return tuple(reason for reason in reasons if reason.code != "digest_differs")


class OpenToAll(TimeStamper):
    """The time-stamp service of the copy, of which a forger can have a time-stamp like anybody else."""

    def __init__(self, authority: DemonstrationAuthority) -> None:
        super().__init__()
        self._service = authority.services.timestamps

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return self._service.timestamp(message_digest, md_algorithm)


def timestamped_again(pdf: bytes, authority: DemonstrationAuthority) -> bytes:
    """Add a genuine time-stamp; where the tool cannot append to what an attack left, the forgery stays without."""
    output = BytesIO(pdf)
    try:
        writer = IncrementalPdfFileWriter(output, strict=False)
        PdfTimeStamper(OpenToAll(authority), field_name="Later").timestamp_pdf(
            writer, "sha256", bytes_reserved=16384, in_place=True
        )
    except (PdfError, ValueError, TypeError, KeyError):
        return pdf
    return output.getvalue()


def revocation_list(folder: Path, issuer: DemonstrationAuthority, when: datetime) -> bytes:
    """Return a newer list of the issuing authority in which the certifier's certificate is revoked."""
    key = load_pem_private_key((folder / "issuing.key.pem").read_bytes(), None)
    authority = x509.load_pem_x509_certificate((folder / "issuing.cert.pem").read_bytes())
    revoked = (
        x509.RevokedCertificateBuilder()
        .serial_number(issuer.certifier.certificate.serial_number)
        .revocation_date(when)
        .build()
    )
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(when)
        .next_update(when + timedelta(days=60))
        .add_revoked_certificate(revoked)
        .sign(key, hashes.SHA256())  # type: ignore[arg-type]
    )
    return made.public_bytes(Encoding.DER)
