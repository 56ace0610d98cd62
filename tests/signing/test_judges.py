"""Programs that know nothing of ours judge the signatures: OpenSSL, and PDFBox with BouncyCastle."""

import hashlib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import cms, pem
from pyhanko.sign.validation import EmbeddedPdfSignature
from signing_judges import signatures, signed_bytes, stamps
from signing_pki import Pki

from domain.models import PadesLevel
from signing.authority import DemonstrationAuthority
from signing.pades import SignatureField, SignatureRequest, SignerRole, SigningServices, sign_copy

MakePdf = Callable[..., bytes]
RequestFor = Callable[[PadesLevel], SignatureRequest]

pytestmark = pytest.mark.tools


class OpenSsl:
    """Checks the parts of a signed PDF with the program `openssl`."""

    def __init__(self, folder: Path, roots: tuple[bytes, ...], intermediates: tuple[bytes, ...], at: datetime) -> None:
        self.folder = folder
        self.roots = self.write("roots.pem", b"".join(pem.armor("CERTIFICATE", each) for each in roots))
        self.others = self.write("others.pem", b"".join(pem.armor("CERTIFICATE", each) for each in intermediates))
        self.at = str(int(at.timestamp()))

    def write(self, name: str, data: bytes) -> str:
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def run(self, *arguments: str) -> bool:
        done = subprocess.run(["openssl", *arguments], capture_output=True, timeout=60, check=False)
        return done.returncode == 0

    def signature_holds(self, container: bytes, content: bytes) -> bool:
        return self.run(
            *("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", self.write("cms.der", container)),
            *("-content", self.write("content.bin", content), "-out", str(self.folder / "out.bin")),
            *("-CAfile", self.roots, "-purpose", "any", "-attime", self.at),
        )

    def token_holds(self, token: bytes, digest: bytes) -> bool:
        return self.run(
            *("ts", "-verify", "-token_in", "-in", self.write("token.der", token), "-digest", digest.hex()),
            *("-CAfile", self.roots, "-untrusted", self.others, "-attime", self.at),
        )


def signature_token(signature: EmbeddedPdfSignature) -> bytes:
    (attribute,) = signature.signer_info["unsigned_attrs"]
    assert attribute["type"].native == "signature_time_stamp_token"
    token: bytes = attribute["values"][0].dump()
    return token


def container(signature: EmbeddedPdfSignature) -> bytes:
    """Return the CMS object without the padding after it."""
    data: bytes = cms.ContentInfo.load(signature.pkcs7_content).dump()
    return data


def judge(openssl: OpenSsl, pdf: bytes) -> None:
    for signature in signatures(pdf):
        content = signed_bytes(signature)
        value = signature.signer_info["signature"].native
        assert openssl.signature_holds(container(signature), content)
        assert not openssl.signature_holds(container(signature), content[:-1] + b"x")
        assert openssl.token_holds(signature_token(signature), hashlib.sha256(value).digest())
    for stamp in stamps(pdf):
        digest = hashlib.sha256(signed_bytes(stamp)).digest()
        assert openssl.token_holds(container(stamp), digest)
        assert not openssl.token_holds(container(stamp), bytes(32))


def test_openssl_accepts_both_signatures_and_every_timestamp(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor, now: datetime, tmp_path: Path
) -> None:
    copy = sign_copy(make_pdf(), request=request_for(PadesLevel.B_LTA), services=authority.services)
    openssl = OpenSsl(tmp_path, authority.roots, authority.services.trust.intermediates, now)

    assert (len(signatures(copy.pdf)), len(stamps(copy.pdf))) == (2, 1)
    judge(openssl, copy.pdf)


def test_openssl_accepts_rsa_signatures_and_timestamps_of_a_server(
    pki: Pki, pki_services: SigningServices, make_pdf: MakePdf, tmp_path: Path
) -> None:
    role = SignerRole(key=pki.key("rsa"), field=SignatureField(name="Scanner"))
    now = datetime.now(UTC)
    request = SignatureRequest(signers=(role,), level=PadesLevel.B_LTA, at=now)

    copy = sign_copy(make_pdf(), request=request, services=pki_services)

    judge(OpenSsl(tmp_path, pki.roots, pki.intermediates, now), copy.pdf)


def pdfbox(folder: Path, *files: bytes) -> list[str]:
    """Return what PDFBox and BouncyCastle say about each signature in the files."""
    names = ("pdfbox2", "fontbox2", "commons-logging", "bcprov", "bcpkix", "bcutil")
    path = ":".join(f"/usr/share/java/{name}.jar" for name in names)
    source = Path(__file__).parent.parent / "tools" / "pdfbox" / "Judge.java"
    paths = []
    for number, data in enumerate(files):
        paths.append(str(folder / f"{number}.pdf"))
        Path(paths[-1]).write_bytes(data)
    command = ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", path, str(source), *paths]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True, text=True)
    return done.stdout.splitlines()


def test_pdfbox_with_bouncycastle_accepts_signatures_and_timestamps_until_a_byte_changes(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor, tmp_path: Path
) -> None:
    copy = sign_copy(make_pdf(), request=request_for(PadesLevel.B_LTA), services=authority.services)
    changed = bytearray(copy.pdf)
    changed[11] ^= 1  # in the comment after the header

    verdicts = pdfbox(tmp_path, copy.pdf, bytes(changed))

    kinds = ["ETSI.CAdES.detached", "ETSI.CAdES.detached", "ETSI.RFC3161"]
    assert verdicts == [f"{kind} good" for kind in kinds] + [f"{kind} bad" for kind in kinds]
