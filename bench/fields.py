"""How right the fields are, and how honest their confidence is, on papers made on the spot and on real scans.

    python -m bench.fields [--seeds 100:112] [--step 1] [--levels clean_300,office_300,archive_200]
        [--kinds decision,notice] [--scans ../shared/scans] [--cache FOLDER] [--fit configs/calibration.toml]

Even seeds are for tuning, odd ones for reporting: with `--fit` weights and threshold are fitted on the even seeds and
written; the tables are always of the odd ones.
"""

import argparse
import hashlib
import json
import math
import random as chance
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np

from domain.models import Box, Extraction, PageText, TextOrigin, Word
from domain.vietnamese import fold
from ocr.fields.confidence import FEATURES, Calibration, Evidence, load_calibration
from ocr.fields.confirm import Confirmation, confirm, wanted_words
from ocr.fields.extract import ExtractOptions, extract_with_evidence
from ocr.fields.kinds import load_kinds
from ocr.files.intake import Limits
from ocr.files.sources import open_source, read_pages
from ocr.lexicon.units import load_units
from ocr.recognition.recognize import ReadOptions, recognize_with_copy
from ocr.samples.fonts import find_fonts
from ocr.samples.people import make_person
from ocr.samples.writer import PAPERS, encode_pages, scan_pages

_SCAN_FIELDS = {
    "so": "number",
    "ngay": "issue_date",
    "co_quan": "issuer",
    "nguoi_ky": "signer_name",
    "trich_yeu": "subject",
    "loai": "kind",
}
_DIGEST = "sha256:"
_SILENT = 0.001
"""Share of fields that may be wrong unseen."""
_LEAST = 0.95
"""No threshold is lower, however few values were wrong."""
_AGAINST = frozenset({"words", "label", "corrected", "wide", "open", "disputed", "strange"})
"""Features that speak against a value; all others speak for it."""
_BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One field of one paper against the truth."""

    level: str
    seed: int
    where: str
    name: str
    value: str | None
    truth: str
    right: bool
    flagged: bool
    """Whether a problem makes it doubtful, whatever its probability."""
    blocked: bool
    """Whether the whole paper waits for a person, e.g. because its kind is not sure."""
    doubtful: bool
    probability: float
    evidence: Evidence | None
    mark: str = ""
    """`hw` handwritten, `stamp` under a stamp: to be left open and shown."""


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="100:112")
    parser.add_argument("--step", type=int, default=1, help="2 from an odd seed: the reporting half alone")
    parser.add_argument("--levels", default="clean_300,office_300,archive_200")
    parser.add_argument("--kinds", default=",".join(PAPERS))
    parser.add_argument("--scans", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--fit", type=Path)
    parser.add_argument("--list", action="store_true", help="print every wrong field")
    given = parser.parse_args()
    configs = files("configs")
    kinds = load_kinds(configs / "kinds")
    options = ExtractOptions(
        calibration=load_calibration(configs / "calibration.toml"), units=load_units(configs / "units")
    )
    everything = Confirmation(kinds=kinds, extraction=options, everything=True)
    first, _, last = given.seeds.partition(":")
    outcomes: list[Outcome] = []
    for level in given.levels.split(","):
        for seed in range(int(first), int(last or int(first) + 1), given.step):
            for kind in given.kinds.split(","):
                pages, truth = read_sample(kind, seed, level, given.cache, everything)
                pages = as_asked(pages, replace(everything, everything=bool(given.fit)))
                found, evidence = extract_with_evidence(pages, kinds, options=options)
                outcomes += judge(found, evidence, truth, level=level, seed=seed, where=f"{kind}-{seed}-{level}")
    if given.fit:
        calibration = fit([o for o in outcomes if o.seed % 2 == 0])
        write(given.fit, calibration)
        outcomes = [anew(o, calibration) for o in outcomes]
        print({family: round(threshold, 4) for family, threshold in calibration.thresholds.items()})
    tuned, reported = ([o for o in outcomes if o.seed % 2 == half] for half in (0, 1))
    print_levels("tuning half", tuned)
    print_levels("reporting half", reported)
    print_reliability(reported)
    if given.list:
        print_wrong(outcomes)
    if given.scans:
        print_scans(given.scans, everything, given.cache)


# ---------------------------------------------------------------- papers


def read_sample(
    kind: str, seed: int, level: str, cache: Path | None, confirmation: Confirmation
) -> tuple[tuple[PageText, ...], Mapping[str, str]]:
    """Return the recognized pages of a paper made on the spot, and its true values."""
    kept = cache / f"{kind}-{seed}-{level}.json" if cache else None
    if kept and kept.exists():
        return load_pages(kept), json.loads(kept.with_suffix(".truth").read_text("utf-8"))
    fonts, random = find_fonts(None), chance.Random(f"{kind}/{seed}")
    paper = PAPERS[kind](random, fonts, make_person(random))
    scans = scan_pages(paper, fonts, level=level, random=np.random.default_rng(seed))
    pages = read_file("sample.pdf", encode_pages(scans, "pdf", level=level), confirmation)
    if kept:
        keep_pages(kept, pages)
        kept.with_suffix(".truth").write_text(json.dumps(dict(paper.fields), ensure_ascii=False), "utf-8")
    return pages, paper.fields


def read_file(name: str, data: bytes, confirmation: Confirmation) -> tuple[PageText, ...]:
    """Return the recognized pages of a file, values read once more; a text layer is not used."""
    source, options = open_source(name, data, limits=Limits()), ReadOptions()
    images = [scan.image for scan in read_pages(source, limits=Limits())]
    return tuple(
        confirm(recognize_with_copy(image, options=options), options=options, confirmation=confirmation)
        for image in images
    )


def as_asked(pages: Sequence[PageText], confirmation: Confirmation) -> tuple[PageText, ...]:
    """Return pages of which all values were read once more, without the second readings that nobody would ask for."""
    if confirmation.everything:
        return tuple(pages)
    asked = []
    for page in pages:
        bare = replace(page, words=tuple(replace(word, second=None, figures=None) for word in page.words))
        wanted = wanted_words(bare, confirmation)
        words = (word if word.box in wanted else replace(word, second=None, figures=None) for word in page.words)
        asked.append(replace(page, words=tuple(words)))
    return tuple(asked)


def keep_pages(path: Path, pages: Sequence[PageText]) -> None:
    """Keep recognized pages, so that the fields can be read again without the recognizer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(page) for page in pages], ensure_ascii=False), "utf-8")


def load_pages(path: Path) -> tuple[PageText, ...]:
    """Return pages that were kept."""
    pages = []
    for page in json.loads(path.read_text("utf-8")):
        words = tuple(Word(**{**word, "box": Box(*word["box"])}) for word in page["words"])
        pages.append(PageText(**{**page, "words": words, "origin": TextOrigin(page["origin"]), "tables": ()}))
    return tuple(pages)


# ---------------------------------------------------------------- judging


def judge(
    found: Extraction, evidence: Mapping[str, Evidence], truth: Mapping[str, str], *, level: str, seed: int, where: str
) -> Iterator[Outcome]:
    """Yield the outcome of each field that the truth names."""
    flagged = {problem.field_name for problem in found.problems}
    blocked = any(problem.blocking and not problem.field_name for problem in found.problems)
    for name, value in truth.items():
        one = found.fields.get(name)
        yield Outcome(
            level=level,
            seed=seed,
            where=where,
            name=name,
            value=one.value if one else None,
            truth=value,
            right=one is not None and same(one.value or "", value),
            flagged=name in flagged or (one is not None and one.value is None and one.doubtful),
            blocked=blocked,
            doubtful=blocked or (one is not None and one.doubtful),
            probability=one.confidence if one else 0.0,
            evidence=evidence.get(name),
        )


def same(value: str, truth: str) -> bool:
    """Return whether two values are the same but for the case of their letters; the truth may be a digest."""
    plain = unicodedata.normalize("NFC", value).casefold()
    if truth.startswith(_DIGEST):
        return hashlib.sha256(plain.encode()).hexdigest() == truth.removeprefix(_DIGEST)
    return plain == unicodedata.normalize("NFC", truth).casefold()


# ---------------------------------------------------------------- fitting


def fit(outcomes: Sequence[Outcome]) -> Calibration:
    """Return weights fitted by ridge logistic regression, and the least thresholds that keep silent errors rare.

    Thresholds come from papers that the weights have not seen: those of each seed by the weights of all others.
    """
    usable = [o for o in outcomes if o.evidence is not None and o.value is not None and not o.flagged]
    unseen: dict[str, list[tuple[float, bool]]] = {}
    for seed in sorted({o.seed for o in usable}):
        draft = _fitted([o for o in usable if o.seed != seed])
        for one in (o for o in usable if o.seed == seed and o.evidence):
            unseen.setdefault(_family(one), []).append((_asked(draft, one.evidence), one.right))
    weights = _fitted(usable).weights
    thresholds = {family: _threshold(unseen.get(family, [])) for family in weights}
    return Calibration(weights=weights, thresholds=thresholds)


def _fitted(usable: Sequence[Outcome]) -> Calibration:
    """Return a calibration without thresholds."""
    everyone = _weights(usable, np.zeros(len(FEATURES)), 0.3)
    weights = {
        family: tuple(_weights([o for o in usable if _family(o) == family], everyone, 3.0))
        for family in sorted(set(map(_family, usable)))
    }
    weights = {"text": tuple(everyone), **weights}
    return Calibration(weights=weights, thresholds=dict.fromkeys(weights, _LEAST))


def _threshold(judged: Sequence[tuple[float, bool]]) -> float:
    """Return the least probability above which no more values than allowed were wrong."""
    wrong = sorted((probability for probability, right in judged if not right), reverse=True)
    allowed = int(_SILENT * len(judged))
    edge = wrong[allowed] if len(wrong) > allowed else 0.0
    above = [probability for probability, _ in judged if probability > edge]
    return max(_LEAST, (edge + min(above)) / 2) if above else 1.0


def _asked(calibration: Calibration, evidence: Evidence | None) -> float:
    """Return the probability of a value, without its second reading where nobody would ask for one."""
    if evidence is None:
        return 0.0
    first = calibration.probability(replace(evidence, agreed=None))
    unasked = evidence.family == "choice" and first >= calibration.threshold(evidence.family)
    return first if unasked else calibration.probability(evidence)


def _family(outcome: Outcome) -> str:
    return outcome.evidence.family if outcome.evidence else ""


def _weights(outcomes: Sequence[Outcome], prior: np.ndarray, strength: float) -> np.ndarray:
    """Return logistic weights near a prior; what speaks for a value never counts against it, nor the reverse."""
    x = np.array([o.evidence.vector() for o in outcomes if o.evidence], dtype=float).reshape(-1, len(FEATURES))
    y = np.array([o.right for o in outcomes if o.evidence], dtype=float)
    signs = np.array([-1 if name in _AGAINST else 0 if name == "bias" else 1 for name in FEATURES])
    free = np.ones(len(FEATURES), dtype=bool)
    while True:
        w = np.where(free, _newton(x * free, y, np.where(free, prior, 0.0), strength), 0.0)
        odd = free & (w * signs < 0)
        if not odd.any():
            return np.asarray(w)
        free &= ~odd


def _newton(x: np.ndarray, y: np.ndarray, prior: np.ndarray, strength: float) -> np.ndarray:
    w = prior.copy()
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (y - p) - strength * (w - prior)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + strength * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        w = w + step
        if np.abs(step).max() < 1e-6:
            break
    return np.asarray(w)


def anew(outcome: Outcome, calibration: Calibration) -> Outcome:
    """Return an outcome judged by another calibration."""
    if outcome.evidence is None or outcome.value is None:
        return outcome
    probability = _asked(calibration, outcome.evidence)
    kept = {name: getattr(outcome, name) for name in Outcome.__slots__}
    doubtful = outcome.flagged or outcome.blocked or probability < calibration.threshold(outcome.evidence.family)
    return Outcome(**{**kept, "probability": probability, "doubtful": doubtful})


def write(path: Path, calibration: Calibration) -> None:
    """Write a calibration as TOML."""
    lines = [
        "# How sure a field is, from what was measured; written by",
        "# `python -m bench.fields --fit configs/calibration.toml`.",
        "# A field is shown to a person where its probability lies under the threshold.",
    ]
    for family, weights in sorted(calibration.weights.items()):
        lines += ["", f"[{family}]", f"threshold = {math.ceil(calibration.threshold(family) * 1e5) / 1e5:.5f}"]
        lines += [f"{name} = {weight:.4f}" for name, weight in zip(FEATURES, weights, strict=True)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


# ---------------------------------------------------------------- tables


def print_levels(title: str, outcomes: Sequence[Outcome]) -> None:
    """Print fields exact, silent errors and share to review of each level."""
    print(f"\n{title}\n| level | fields | exact | silent errors | to review |\n| --- | --- | --- | --- | --- |")
    for level in dict.fromkeys(o.level for o in outcomes):
        own = [o for o in outcomes if o.level == level]
        exact, silent = sum(o.right for o in own), sum(not o.right and not o.doubtful for o in own)
        review = sum(o.doubtful for o in own)
        n = len(own)
        print(f"| {level} | {n} | {exact / n:.2%} | {silent} ({silent / n:.2%}) | {review / n:.1%} |")


def print_reliability(outcomes: Iterable[Outcome]) -> None:
    """Print for each bin of probability how many values were right."""
    usable = [o for o in outcomes if o.value is not None and not o.flagged]
    print("\n| probability | fields | mean | right |\n| --- | --- | --- | --- |")
    for low, high in pairwise(_BINS):
        own = [o for o in usable if low <= o.probability < high or (high == 1.0 and o.probability == 1.0)]
        if own:
            mean, right = sum(o.probability for o in own) / len(own), sum(o.right for o in own) / len(own)
            print(f"| {low} to {high} | {len(own)} | {mean:.3f} | {right:.3f} |")


def print_wrong(outcomes: Iterable[Outcome]) -> None:
    """Print every field that is wrong, silent ones marked."""
    for o in outcomes:
        if not o.right:
            mark = "      " if o.doubtful else "SILENT"
            print(f"{mark} {o.where} {o.name} {o.probability:.3f} {o.value!r} | {o.truth!r}")


# ---------------------------------------------------------------- real scans


def print_scans(folder: Path, everything: Confirmation, cache: Path | None) -> None:
    """Print the fields of real scans; handwritten ones and those under a stamp need only be shown to a person."""
    outcomes = []
    for name, truth in _scan_truths(folder).items():
        kept = cache / f"{name}.json" if cache else None
        pages = (
            load_pages(kept)
            if kept and kept.exists()
            else read_file(f"{name}.pdf", (folder / f"{name}.pdf").read_bytes(), everything)
        )
        if kept and not kept.exists():
            keep_pages(kept, pages)
        pages = as_asked(pages, replace(everything, everything=False))
        found, evidence = extract_with_evidence(pages, everything.kinds, options=everything.extraction)
        outcomes += list(_judge_scan(found, evidence, truth, name))
    for o in outcomes:
        verdict = "right" if o.right else "shown" if o.doubtful else "SILENT"
        print(f"{verdict:7}{o.where} {o.name} {o.mark} {o.probability:.3f} {o.value!r}")
    printed = [o for o in outcomes if not o.mark]
    silent = sum(not o.right and not o.doubtful for o in outcomes)
    right = sum(o.right for o in printed)
    print(f"\nreal scans: printed fields {right} of {len(printed)} exact; silent errors {silent} of {len(outcomes)}")


def _scan_truths(folder: Path) -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return for each scan of a folder what its fields say, and what lies over them: `hw`, `stamp` or nothing."""
    more = tomllib.loads(Path(__file__).with_name("scan_fields.toml").read_text("utf-8"))
    truths: dict[str, dict[str, tuple[str, str]]] = {}
    for path in sorted(folder.glob("*.truth.json")):
        fields = truths.setdefault(path.name.removesuffix(".truth.json"), {})
        for key, value in json.loads(path.read_text("utf-8"))["fields"].items():
            mark = key.rpartition("_")[2] if key.endswith(("_hw", "_stamp")) else ""
            name = _SCAN_FIELDS.get(key.removesuffix(f"_{mark}"))
            if name is not None:
                fields[name] = (_iso(value) if name == "issue_date" else value.replace(" /", "/"), mark)
    for scan, others in more.items():
        if (folder / f"{scan}.pdf").exists():
            said = {name: one if isinstance(one, dict) else {"says": one} for name, one in others.items()}
            truths.setdefault(scan, {}).update({name: (one["says"], one.get("mark", "")) for name, one in said.items()})
    return truths


def _judge_scan(
    found: Extraction, evidence: Mapping[str, Evidence], truth: Mapping[str, tuple[str, str]], where: str
) -> Iterator[Outcome]:
    for name, (value, mark) in truth.items():
        if name == "kind":
            doubtful = any(p.code.startswith("kind_") for p in found.problems)
            yield Outcome(
                level="real", seed=1, where=where, name=name, value=found.kind, truth=value,
                right=fold(value) == fold(found.kind and load_title(found.kind)), flagged=doubtful, blocked=False,
                doubtful=doubtful, probability=found.kind_confidence, evidence=None,
            )  # fmt: skip
            continue
        for outcome in judge(found, evidence, {name: value}, level="real", seed=1, where=where):
            yield replace(outcome, mark=mark)


def load_title(kind: str) -> str:
    """Return the Vietnamese title of a kind."""
    return load_kinds(files("configs") / "kinds").get(kind).title["vi"]


def _iso(text: str) -> str:
    day, month, year = (int(part) for part in text.split() if part.isdigit())
    return f"{year:04}-{month:02}-{day:02}"


if __name__ == "__main__":
    main()
