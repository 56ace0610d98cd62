"""A demonstration authority and PDFs to sign, made on the spot."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from signing_pki import Pki, running_pki

from domain.models import PadesLevel
from signing.authority import DemonstrationAuthority, create_demonstration_authority, open_demonstration_authority
from signing.online import open_services
from signing.pades import SignatureField, SignatureRequest, SignerRole
from signing.remote import ServiceOptions
from signing.services import SigningServices
from signing.trust import TrustStore

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> DemonstrationAuthority:
    folder: Path = tmp_path_factory.mktemp("authority") / "demo"
    create_demonstration_authority(folder, now=NOW)
    return open_demonstration_authority(folder, clock=lambda: NOW)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def make_pdf() -> Callable[..., bytes]:
    """Return a function that makes a PDF of so many pages with some text in it."""

    def make(pages: int = 1) -> bytes:
        pdf = pikepdf.new()
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier)
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = pdf.make_stream(f"BT /F1 20 Tf 72 720 Td (Trang {number + 1}) Tj ET".encode())
        buffer = BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return buffer.getvalue()

    return make


@pytest.fixture
def request_for(authority: DemonstrationAuthority, now: datetime) -> Callable[[PadesLevel], SignatureRequest]:
    def make(level: PadesLevel) -> SignatureRequest:
        return SignatureRequest(
            signers=(
                SignerRole(key=authority.certifier, field=SignatureField(name="Certifier", box=(72, 100, 272, 150))),
                SignerRole(key=authority.agency, field=SignatureField(name="Agency", box=(300, 700, 500, 750))),
            ),
            level=level,
            at=now,
        )

    return make


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    """A public key infrastructure with services on loopback, by the real clock."""
    with running_pki(tmp_path_factory.mktemp("pki"), datetime.now(UTC)) as running:
        yield running


@pytest.fixture(scope="session")
def pki_services(pki: Pki) -> SigningServices:
    trust = TrustStore(signers=pki.roots, timestamps=pki.roots, intermediates=pki.intermediates)
    options = ServiceOptions(timeout=10, tries=2, pause=0.05)
    return open_services(trust, timestamp_url=pki.tsa_url, options=options, clock=lambda: datetime.now(UTC))
