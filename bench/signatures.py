"""Times the signing of copies, as ratios to bare pyHanko in the same run.

Run it with `python -m bench.signatures [--rounds 15] [--batch 1000]` from the root of the repository. CPU time is what
counts: other work on the machine changes the wall clock.
"""

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
from asn1crypto import tsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext

from domain.models import PadesLevel
from signing.authority import DemonstrationAuthority, create_demonstration_authority, open_demonstration_authority
from signing.pades import SignatureField, SignatureRequest, SignerRole, augment, sign_copy
from signing.services import SigningServices
from signing.timestamps import LocalTimestamper

BOXES = ((300.0, 100.0, 500.0, 150.0), (300.0, 700.0, 500.0, 750.0))


class _BareTimestamper(TimeStamper):
    """Pyhanko's own way to the same time-stamp authority."""

    def __init__(self, inner: LocalTimestamper) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko gives no types here
        self._inner = inner

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._inner.respond(req))


def bare_pyhanko(pdf: bytes, authority: DemonstrationAuthority, timestamper: LocalTimestamper) -> bytes:
    """Sign twice to B-LTA with pyHanko's high-level calls, as its documentation has it."""
    output = BytesIO(pdf)
    writer = IncrementalPdfFileWriter(output)
    append_signature_field(writer, SigFieldSpec("Certifier", box=BOXES[0]))  # type: ignore[arg-type]  # fractions too
    lock = FieldMDPSpec(FieldMDPAction.ALL)
    append_signature_field(
        writer,
        SigFieldSpec(
            "Agency",
            box=BOXES[1],  # type: ignore[arg-type]  # fractions too
            field_mdp_spec=lock,
            doc_mdp_update_value=MDPPerm.NO_CHANGES,
        ),
    )
    writer.write_in_place()  # type: ignore[no-untyped-call]  # pyHanko gives no types here
    stamper = _BareTimestamper(timestamper)
    for number, (name, key) in enumerate((("Certifier", authority.certifier), ("Agency", authority.agency))):
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(root) for root in authority.roots],
            other_certs=[x509.Certificate.load(each) for each in authority.services.trust.intermediates],
            crls=list(authority.crls()),
            revocation_mode="require",
        )
        metadata = PdfSignatureMetadata(
            field_name=name,
            subfilter=SigSeedSubFilter.PADES,
            certify=number == 0,
            docmdp_permissions=MDPPerm.NO_CHANGES if number else MDPPerm.FILL_FORMS,
            validation_context=context,
            embed_validation_info=True,
            use_pades_lta=bool(number),
        )
        signer = PdfSigner(metadata, key.signer, timestamper=stamper)
        asyncio.run(signer.async_sign_pdf(IncrementalPdfFileWriter(output), in_place=True, existing_fields_only=True))
    return output.getvalue()


def make_pdf(pages: int) -> bytes:
    """Return a PDF of so many pages, each with 200 KB that do not compress, like a scan."""
    pdf = pikepdf.new()
    noise = bytes((i * i * 2654435761 >> 13) & 255 for i in range(200_000))
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Image=pdf.make_stream(noise)))
    buffer = BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def request(authority: DemonstrationAuthority, level: PadesLevel) -> SignatureRequest:
    """Return the request for both signatures."""
    return SignatureRequest(
        signers=(
            SignerRole(key=authority.certifier, field=SignatureField(name="Certifier", box=BOXES[0])),
            SignerRole(key=authority.agency, field=SignatureField(name="Agency", box=BOXES[1])),
        ),
        level=level,
        at=datetime.now(UTC),
    )


def medians(jobs: dict[str, Callable[[], bytes]], rounds: int) -> dict[str, tuple[float, float, int]]:
    """Return CPU seconds, wall seconds and bytes of each job, medians of the rounds; the jobs take turns."""
    times: dict[str, list[tuple[float, float, int]]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            size = len(job())
            times[name].append((time.process_time() - cpu, time.perf_counter() - wall, size))
    return {
        name: (
            statistics.median(each[0] for each in found),
            statistics.median(each[1] for each in found),
            found[-1][2],
        )
        for name, found in times.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--batch", type=int, default=0, help="certifications to run in one go with the same keys")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        create_demonstration_authority(folder / "demo", now=datetime.now(UTC))
        authority = open_demonstration_authority(folder / "demo", clock=lambda: datetime.now(UTC))
        compare(authority, make_pdf(arguments.pages), arguments.rounds)
        if arguments.batch:
            run_batch(authority, make_pdf(1), arguments.batch)


def compare(authority: DemonstrationAuthority, pdf: bytes, rounds: int) -> None:
    """Print a table of the levels against bare pyHanko."""
    services = authority.services
    timestamper = services.timestamps
    assert isinstance(timestamper, LocalTimestamper)
    offline = SigningServices(trust=services.trust, timestamps=None)
    unstamped = sign_copy(pdf, request=request(authority, PadesLevel.B_LTA), services=offline).pdf
    archived = sign_copy(pdf, request=request(authority, PadesLevel.B_LTA), services=services).pdf

    def at_level(level: PadesLevel) -> Callable[[], bytes]:
        return lambda: sign_copy(pdf, request=request(authority, level), services=services).pdf

    jobs: dict[str, Callable[[], bytes]] = {
        "bare pyHanko B-LTA": lambda: bare_pyhanko(pdf, authority, timestamper),
        **{f"sohoa {level}": at_level(level) for level in PadesLevel},
        "sohoa augment B-B to B-LTA": lambda: augment(unstamped, services=services, at=datetime.now(UTC)).pdf,
        "sohoa renew": lambda: augment(archived, services=services, at=datetime.now(UTC), renew=True).pdf,
    }
    found = medians(jobs, rounds)
    base = found["bare pyHanko B-LTA"]
    print(f"{len(pdf):,} bytes, two P-256 signatures, time-stamps in process, {rounds} rounds, medians")
    print(f"{'':28}{'CPU s':>9}{'wall s':>9}{'CPU ratio':>11}{'bytes added':>13}")
    for name, (cpu, wall, size) in found.items():
        print(f"{name:28}{cpu:9.3f}{wall:9.3f}{cpu / base[0]:11.2f}{size - len(pdf):13,}")


def run_batch(authority: DemonstrationAuthority, pdf: bytes, count: int) -> None:
    """Print the rate of many certifications with keys that stay open."""
    wall, cpu = time.perf_counter(), time.process_time()
    reached = [
        sign_copy(pdf, request=request(authority, PadesLevel.B_LTA), services=authority.services).level
        for _ in range(count)
    ]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"batch of {count}: {reached.count(PadesLevel.B_LTA)} at B-LTA, {cpu / count:.3f} CPU s, {wall / count:.3f} s"
    )


if __name__ == "__main__":
    main()
