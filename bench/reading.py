"""Papers to read, the readers that are compared, and what each of them makes of them."""

import argparse
import io
import json
import re
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import pikepdf
from PIL import Image

from bench.fields import Outcome, judge
from bench.image_pages import add_image_page
from bench.page_worker import read_page
from bench.text_errors import free_errors, strict_errors, word_errors
from domain.models import PageText
from ocr.fields.confidence import load_calibration
from ocr.fields.extract import ExtractOptions, extract_with_evidence
from ocr.fields.kinds import load_kinds
from ocr.files.sources import Limits, open_source, read_pages
from ocr.files.workers import worker_context
from ocr.lexicon.units import load_units
from ocr.picture.raster import decode, upright
from ocr.samples.bench import bench_papers, bench_text

_SCAN_FIELDS = {"so": "number", "co_quan": "issuer", "nguoi_ky": "signer_name", "trich_yeu": "subject"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾", "0123456789()")
_Segments = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper to read, and what it says."""

    name: str
    pdf: bytes
    segments: _Segments
    lines: tuple[str, ...]
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one reader made of all papers."""

    texts: tuple[str, ...]
    """One for each paper."""
    wall: float
    """Seconds."""
    cpu: float
    memory: int = 0
    """Greatest resident size of one process, worker or Tesseract, MiB."""
    pages: tuple[tuple[PageText, ...], ...] = ()


def main(description: str) -> None:
    """Run the bench and print its tables."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", default=[])
    parser.add_argument("--levels", default="clean_300,office_300,archive_200,archive_300")
    parser.add_argument("--papers", type=int, default=3)
    parser.add_argument("--text", type=Path, action="append", default=[])
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--received", action="store_true", help="with stamps of incoming mail on the papers")
    parser.add_argument("--alone", action="store_true", help="leave the other readers out")
    given = parser.parse_args()
    texts = [path.read_text("utf-8").translate(_SUPERSCRIPTS) for path in given.text]
    print("| level | reader | strict CER % | order-free CER % | WER % | wall s/page | CPU s/page | MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    sets = {folder.name: list(scanned(folder)) for folder in given.data}
    for level in filter(None, given.levels.split(",")):
        sets[level] = list(made(level, given.papers, given.seed, texts, received=given.received))
    notes: list[str] = []
    runs: dict[str, list[Run]] = {}
    for level, papers in sets.items():
        for name, run in report(level, papers, given.jobs, notes, alone=given.alone).items():
            runs.setdefault(name, []).append(run)
    notes += [compared("all pages together", name, own, runs["sohoa"]) for name, own in list(runs.items())[1:]]
    print("\n".join(["", *notes]))


# ---------------------------------------------------------------- papers


def scanned(folder: Path) -> Iterator[Paper]:
    """Yield the scans of a folder that have a truth beside them."""
    for path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        segments = tuple(tuple(s["alts"]) if isinstance(s, dict) else (s,) for s in truth["segments"])
        name = path.name.removesuffix(".truth.json")
        fields = {_SCAN_FIELDS[key]: value for key, value in truth["fields"].items() if key in _SCAN_FIELDS}
        yield Paper(
            name=name,
            pdf=(folder / f"{name}.pdf").read_bytes(),
            segments=segments,
            lines=tuple(line for segment in segments for line in segment[0].splitlines()),
            fields=fields,
        )


def made(level: str, count: int, seed: int, texts: Sequence[str], *, received: bool = False) -> Iterator[Paper]:
    """Yield papers of all kinds in turn, and the texts typeset, as a scanner of the level gives them."""
    for paper in bench_papers(level=level, count=count, seed=seed, received=received):
        yield Paper(
            name=paper.name,
            pdf=pdf_of([(page.data, page.dpi) for page in paper.pages]),
            segments=tuple(segment for page in paper.pages for segment in page.segments),
            lines=tuple(line for page in paper.pages for line in page.lines),
            fields=dict(paper.truth.fields),
        )
    for number, text in enumerate(texts):
        pages = list(bench_text(text, level=level, seed=seed + number))
        yield Paper(
            name=f"text-{number}",
            pdf=pdf_of([(page.data, page.dpi) for page in pages]),
            segments=tuple(segment for page in pages for segment in page.segments),
            lines=tuple(line for page in pages for line in page.lines),
            fields={},
        )


def pdf_of(pages: Sequence[tuple[bytes, int]]) -> bytes:
    """Return a PDF of JPEG pages."""
    pdf = pikepdf.new()
    for data, dpi in pages:
        with Image.open(io.BytesIO(data)) as opened:
            width, height, gray = opened.width, opened.height, opened.mode == "L"
        add_image_page(
            pdf,
            data,
            size=(width, height),
            dpi=dpi,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceGray if gray else pikepdf.Name.DeviceRGB,
            Filter=pikepdf.Name.DCTDecode,
        )
    holder = io.BytesIO()
    pdf.save(holder)
    return holder.getvalue()


# ---------------------------------------------------------------- readers


def read_ours(papers: Sequence[Paper], jobs: int) -> Run:
    """Read with this project's recognizer, pages in parallel."""
    with ProcessPoolExecutor(jobs, mp_context=worker_context()) as pool:
        waiting = []
        for paper in papers:
            source = open_source("paper.pdf", paper.pdf, limits=Limits())
            waiting.append([pool.submit(read_page, scan.image) for scan in read_pages(source, limits=Limits())])
        found = [[future.result() for future in paper] for paper in waiting]
    pages = [page for paper in found for page in paper]
    used = {page.worker: max(each.cpu for each in pages if each.worker == page.worker) for page in pages}
    return Run(
        texts=tuple("\n".join(page.text.text for page in paper) for paper in found),
        wall=0,
        cpu=sum(used.values()),  # the workers are no children of this process
        memory=max(page.memory for page in pages) // 1024,
        pages=tuple(tuple(page.text for page in paper) for paper in found),
    )


def read_tesseract(papers: Sequence[Paper], jobs: int) -> Run:
    """Read with plain `tesseract -l vie`, pages in parallel; the files are written beforehand by `_page_files`."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        waiting = [
            [pool.submit(_tesseract, path, dpi) for path, dpi in _page_files(paper, Path(folder))] for paper in papers
        ]
        return Run(texts=tuple("\n".join(f.result() for f in paper) for paper in waiting), wall=0, cpu=0)


def _page_files(paper: Paper, folder: Path) -> Iterator[tuple[Path, int]]:
    for scan in read_pages(open_source("paper.pdf", paper.pdf, limits=Limits()), limits=Limits()):
        path = folder / f"{paper.name}-{scan.image.number}.bmp"
        Image.fromarray(upright(decode(scan.image), scan.image.rotation)).save(path)
        yield path, round(scan.image.dpi)


def _tesseract(path: Path, dpi: int) -> str:
    command = ["tesseract", str(path), "stdout", "-l", "vie", "--dpi", str(dpi)]
    done = subprocess.run(command, capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin"})
    return done.stdout.decode("utf-8")


def read_ocrmypdf(papers: Sequence[Paper], jobs: int) -> Run:
    """Read with `ocrmypdf --deskew --rotate-pages`, all pages as one file."""
    joined, counts = pikepdf.new(), []
    for paper in papers:
        with pikepdf.open(io.BytesIO(paper.pdf)) as pdf:
            counts.append(len(pdf.pages))
            for page in pdf.pages:
                joined.pages.append(page)
                if "/Annots" in joined.pages[-1]:
                    del joined.pages[-1]["/Annots"]
    with tempfile.TemporaryDirectory() as folder:
        source, text = Path(folder, "in.pdf"), Path(folder, "out.txt")
        joined.save(source)
        command = ["ocrmypdf", f"-j{jobs}", "--deskew", "--rotate-pages", "-l", "vie", "--sidecar", str(text)]
        subprocess.run([*command, str(source), str(Path(folder, "out.pdf"))], capture_output=True, check=True)
        pages = text.read_text("utf-8").split("\f")
    texts = []
    for count in counts:
        texts.append("\n".join(pages[:count]))
        pages = pages[count:]
    return Run(texts=tuple(texts), wall=0, cpu=0)


READERS: dict[str, Callable[[Sequence[Paper], int], Run]] = {
    "sohoa": read_ours,
    "tesseract": read_tesseract,
    "ocrmypdf": read_ocrmypdf,
}


# ---------------------------------------------------------------- measuring


def report(level: str, papers: Sequence[Paper], jobs: int, notes: list[str], *, alone: bool) -> dict[str, Run]:
    """Print a row for each reader; add what is to be said below the table to the notes; return what each made of it."""
    runs: dict[str, Run] = {}
    count = sum(len(re.findall(rb"/Type\s*/Page\b", paper.pdf)) for paper in papers)
    for name, reader in READERS.items():
        if alone and name != "sohoa":
            continue
        runs[name] = run = timed(reader, papers, jobs)
        count = sum(map(len, run.pages)) or count
        print(row(level, name, run, papers, count), flush=True)
        if name == "sohoa":
            notes.append(f"{level}: {count} pages; fields {field_line(papers, run)}")
        else:
            notes.append(compared(level, name, [run], [runs["sohoa"]]))
    return runs


def compared(level: str, name: str, runs: Sequence[Run], ours: Sequence[Run]) -> str:
    """Return how much longer a reader took than we did, for the same pages."""
    wall = sum(run.wall for run in runs) / sum(run.wall for run in ours)
    cpu = sum(run.cpu for run in runs) / sum(run.cpu for run in ours)
    return f"{level}: {name} takes {wall:.1f} times the wall, {cpu:.1f} times the CPU"


def timed(reader: Callable[[Sequence[Paper], int], Run], papers: Sequence[Paper], jobs: int) -> Run:
    """Run a reader and note what it cost."""
    before, start = _cpu(), time.perf_counter()
    run = reader(papers, jobs)
    wall, cpu = time.perf_counter() - start, _cpu() - before
    return replace(run, wall=wall, cpu=run.cpu + cpu)


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def row(level: str, name: str, run: Run, papers: Sequence[Paper], count: int) -> str:
    """Return one row of the table."""
    shares = []
    measures: tuple[Callable[[Paper, str], tuple[int, int]], ...] = (
        lambda paper, text: strict_errors(text, paper.segments),
        lambda paper, text: free_errors(text, paper.lines),
        lambda paper, text: word_errors(text, paper.segments),
    )
    for measure in measures:
        errors = [measure(paper, text) for paper, text in zip(papers, run.texts, strict=True)]
        shares.append(100 * sum(e for e, _ in errors) / max(1, sum(n for _, n in errors)))
    memory = str(run.memory or "")
    costs = f"{run.wall / count:.2f} | {run.cpu / count:.2f} | {memory}"
    return f"| {level} | {name} | {shares[0]:.2f} | {shares[1]:.3f} | {shares[2]:.2f} | {costs} |"


def field_line(papers: Sequence[Paper], run: Run) -> str:
    """Return how the fields came out: exact, silent errors, share to review."""
    configs = files("configs")
    kinds = load_kinds(configs / "kinds")
    options = ExtractOptions(
        calibration=load_calibration(configs / "calibration.toml"), units=load_units(configs / "units")
    )
    outcomes: list[Outcome] = []
    for paper, pages in zip(papers, run.pages, strict=True):
        if paper.fields:
            found, evidence = extract_with_evidence(pages, kinds, options=options)
            outcomes += judge(found, evidence, paper.fields, level="", seed=0, where=paper.name)
    if not outcomes:
        return "none"
    right = sum(outcome.right for outcome in outcomes)
    silent = sum(not outcome.right and not outcome.doubtful for outcome in outcomes)
    review = sum(outcome.doubtful for outcome in outcomes)
    total = len(outcomes)
    for outcome in outcomes:
        if not outcome.right and not outcome.doubtful:
            print(f"silent error in {outcome.where}: {outcome.name} = {outcome.value!r}, truth {outcome.truth!r}")
    return f"{right} of {total} exact, {silent} silent errors, {100 * review / total:.0f} % to review"
