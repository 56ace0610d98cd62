"""From the text of a paper to its kind and fields, with what a person must look at."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean

from domain.errors import InputError
from domain.models import Extraction, Field, PageText, Problem
from ocr.fields.checks.context import CheckContext
from ocr.fields.checks.cross import run_checks
from ocr.fields.checks.machine import said_by_machine, same_value
from ocr.fields.checks.papers import eras_seen
from ocr.fields.checks.spelling import pairs, words
from ocr.fields.choice import choose_spellings, count_spellings
from ocr.fields.classify import Classification, classify
from ocr.fields.confidence import Calibration, Evidence, doubt_of
from ocr.fields.doubts import doubts_about
from ocr.fields.kinds import ON_STAMP, UNKNOWN, FieldRule, Kind, KindLibrary
from ocr.fields.known import listed_words, strange_words
from ocr.fields.labels import Reading, read_labels
from ocr.fields.lines import Line, box_of, read_lines, trim
from ocr.fields.lost_labels import lost_labels, untold_fields
from ocr.fields.parsers.forms import EXPECTED, FAMILIES, FORMS
from ocr.fields.parsers.parsed import Parsed, clean
from ocr.fields.parsers.spoken import said_in_words
from ocr.fields.places import read_places
from ocr.fields.second_reading import borne_out, pairs_otherwise
from ocr.fields.stamps import certification_number, set_aside
from ocr.fields.values import agreement, value_of
from ocr.lexicon.matching import squeeze
from ocr.lexicon.named_places import surroundings
from ocr.lexicon.units import Units
from ocr.symbols.card_code import read_card_code
from ocr.symbols.mrz import read_machine_name

_SURE_KIND = 0.8
_CODED_KIND = 0.98
"""Probability that a paper that reads like an identity card and bears an identity card's code is one."""
_AGREED = 0.9995
"""Least probability of a printed value that a code or sound machine-readable lines repeat."""
_FROM_MACHINE = 0.9
"""Probability of a value that only machine-readable lines or a code give."""
_MACHINE_CHECKS = frozenset({"mrz", "card_code"})
"""Checks of the kinds that bear such lines or codes themselves."""


_WELL_READ = 1.34
"""Of a page, on the scale of `doubt_of`: where words are as sure in the mean, none is lost without a trace."""
_MEASURE = re.compile(r"[+\-–±]?\d[\d.,]*\s*(?:m|m²|%|tầng|lần)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractOptions:
    """What extraction needs beside the kinds."""

    calibration: Calibration
    units: Units
    sure_kind: float = _SURE_KIND
    """Probability under which a person decides on the kind."""
    kind: str = ""
    """The kind where a person said it; empty to find out."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper on its way from lines to fields."""

    kind: Kind
    readings: tuple[Reading, ...]
    lines: tuple[str, ...]
    """The parts of its lines."""
    codes: tuple[str, ...]
    others: frozenset[tuple[str, str]]
    """Pairs of words as another model read them with other diacritics."""
    untold: frozenset[str]
    """Fields that may stand on it in other words than those of its kind."""
    doubts: Mapping[int, float]
    """By page number: how sure its words are in the mean."""


def extract(
    pages: Sequence[PageText], kinds: KindLibrary, *, options: ExtractOptions, codes: Sequence[str] = ()
) -> Extraction:
    """Return what a paper is and says; what is missing or doubtful is a problem, never a guess.

    Args:
        pages: Its pages in order.
        kinds: The kinds it can be of.
        options: What extraction needs beside them.
        codes: Texts of codes beside those that its pages have; that of an identity card is compared with the print.
    """
    return extract_with_evidence(pages, kinds, options=options, codes=codes)[0]


def extract_with_evidence(
    pages: Sequence[PageText], kinds: KindLibrary, *, options: ExtractOptions, codes: Sequence[str] = ()
) -> tuple[Extraction, Mapping[str, Evidence]]:
    """Return the same as `extract`, and by field what its confidence was made from: for the calibration."""
    aside = set_aside(read_lines(pages))
    if not aside.lines:
        return _unknown(0.0, "no_text"), {}
    answer = _classify(aside.lines, kinds, options.kind)
    if answer.kind is None:
        return _unknown(answer.confidence, "kind_unknown"), {}
    readings = _read(aside.lines, answer.kind, answer)
    stamped = certification_number(aside.certification)
    if stamped:
        readings.append(Reading(ON_STAMP, stamped))
    parts = tuple(part.text for line in aside.lines for part in line.parts)
    on_pages = dict.fromkeys((*codes, *(code for page in pages for code in page.codes)))
    others = pairs_otherwise(pages)
    paper = _Paper(
        answer.kind,
        tuple(readings),
        parts,
        tuple(on_pages),
        others,
        untold_fields(answer.kind, aside.lines),
        _doubts(pages),
    )
    if "card_code" in paper.kind.checks and any(map(read_card_code, paper.codes)):
        answer = replace(answer, confidence=max(answer.confidence, _CODED_KIND))
    return _assemble(paper, answer, options)


def check_value(kinds: KindLibrary, kind: str, name: str, text: str) -> str:
    """Return the normalized value of a field that a person typed; empty where the paper states none.

    Raises:
        InputError: The kind has no such field, or the text has not its form.
    """
    rule = kinds.get(kind).rule(name)
    if rule is None:
        raise InputError(
            f"Loại giấy tờ «{kinds.get(kind).title['vi']}» không có trường «{name}»; hãy chọn trường khác."
        )
    if not clean(text):
        if rule.required:
            raise InputError(f"Trường «{name}» bắt buộc phải có; hãy nhập {EXPECTED[rule.form]}.")
        return ""
    parsed = FORMS[rule.form](text)
    accepted = parsed.value is not None or parsed.problem == "ethnicity_unlisted"
    value = parsed.value or clean(text)
    if not accepted or (rule.pattern and not re.fullmatch(rule.pattern, value)):
        raise InputError(f"Giá trị «{clean(text)}» không đúng dạng; hãy nhập {EXPECTED[rule.form]}.")
    return value


def _classify(lines: Sequence[Line], kinds: KindLibrary, said: str) -> Classification:
    if not said:
        return classify(lines, kinds)
    found = classify(lines, KindLibrary(kinds={said: kinds.get(said)}))
    return Classification(kinds.get(said), 1.0, found.title)


def _unknown(confidence: float, code: str) -> Extraction:
    return Extraction(kind=UNKNOWN, kind_confidence=confidence, fields={}, problems=(Problem(code=code),))


def _read(lines: Sequence[Line], kind: Kind, answer: Classification) -> list[Reading]:
    """Return what stands on the paper for each rule of its kind, in the order of the rules."""
    placed = read_places(lines, answer)
    dated = {id(piece.word) for r in placed if r.rule.source in ("date", "place") for piece in r.pieces}
    labeled = (replace(r, pieces=()) if _is_of(r, dated) else r for r in read_labels(lines, kind))
    by_rule = {id(r.rule): r for r in (*labeled, *placed)}
    if "mrz" in kind.checks:
        by_rule |= {id(r.rule): r for r in _named_by_machine(lines, kind, by_rule.values())}
    return [by_rule[id(rule)] for rule in kind.fields if id(rule) in by_rule]


def _is_of(reading: Reading, words: Collection[int]) -> bool:
    """Return whether what stands below a label is none of its own: the place and date of issue."""
    return reading.rule.below and bool(reading.pieces) and id(reading.pieces[0].word) in words


def _named_by_machine(lines: Sequence[Line], kind: Kind, readings: Iterable[Reading]) -> list[Reading]:
    """Return the holder's name without its label: the line that has the letters of the machine-readable name."""
    parts = [part for line in lines for part in line.parts]
    name = read_machine_name("\n".join(part.text for part in parts))
    rule = kind.rule("holder_name")
    if not name or rule is None or any(r.rule.name == rule.name and r.pieces for r in readings):
        return []
    return [Reading(rule, trim(part.pieces), doubt="label_lost") for part in parts if squeeze(part.text) == name][:1]


def _assemble(
    paper: _Paper, answer: Classification, options: ExtractOptions
) -> tuple[Extraction, Mapping[str, Evidence]]:
    """Return the fields with what speaks for and against them."""
    spoken = {r.rule.name: r.text for r in paper.readings if r.rule.words}
    on_card = not _MACHINE_CHECKS.isdisjoint(paper.kind.checks)  # a card copied beside a paper is another's evidence
    machine = said_by_machine(paper.lines, paper.codes) if on_card else {}
    spelled = [line for line in paper.lines if "<" not in line]  # machine-readable lines have no diacritics
    spellings = count_spellings(pair for line in spelled for pair in pairs(line))
    stands = Counter(pair for line in paper.lines for pair in pairs(line))
    fields: dict[str, Field] = {}
    evidence: dict[str, Evidence] = {}
    problems: list[Problem] = []
    for reading in (r for r in paper.readings if not r.rule.words):
        name = reading.rule.name
        if name in fields and fields[name].value is not None:
            continue
        chosen = choose_spellings(reading, spellings, options.units)
        issuer = fields["issuer"].value if "issuer" in fields else None
        parsed = value_of(chosen, paper.kind, units=options.units, lines=paper.lines, issuer=issuer or "")
        agreed = agreement(chosen, parsed, units=options.units, lines=paper.lines)
        unproven = not agreed or reading.rule.form == "name"  # of a name both spellings may be one that people bear
        if chosen is not reading and parsed.value is not None and not parsed.problem and unproven:
            parsed = replace(parsed, problem="spelling_repaired")
        coded = parsed.value is not None and same_value(name, parsed.value, machine.get(name, ""))
        twice = coded or (parsed.value is not None and parsed.value == _said(parsed.value, spoken.get(name)))
        listed = listed_words(parsed.value or "", reading.rule, options.units, surroundings(paper.lines))
        evidence[name] = Evidence(
            family=_family(reading.rule, parsed, listed),
            pieces=reading.pieces,
            label_distance=reading.distance,
            confirmed=twice,
            repeated=_repeated(reading, stands),
            corrected=any(piece.word.raw for piece in reading.pieces),
            lines=_line_count(reading),
            listed=sum(listed) / len(listed) if listed else 0.0,
            open_words=_open_words(reading, listed, stands),
            strange=strange_words(parsed.value or "", listed),
            page=_page_doubt(reading, paper.doubts),
            agreed=agreed,
            borne_out=borne_out(reading),
            of_list=reading.rule.form != "name" and bool(listed) and all(listed),
        )
        probability = options.calibration.probability(evidence[name])
        fields[name] = _field(reading, parsed, max(probability, _AGREED) if coded else probability)
        well_read = _page_doubt(reading, paper.doubts) >= _WELL_READ
        problems = [p for p in problems if p.field_name != name]
        doubts = doubts_about(chosen, parsed, evidence[name], kind=paper.kind, issuer=issuer or "", well_read=well_read)
        problems += [Problem(code=code, field_name=name, blocking=False) for code in doubts]
    for name, value in machine.items():
        if value and paper.kind.rule(name) and (name not in fields or fields[name].value is None):
            fields[name] = Field(name=name, value=value, confidence=_FROM_MACHINE, doubtful=True)
            problems = [p for p in problems if p.field_name != name]
            problems.append(Problem(code="from_machine_lines", field_name=name, blocking=False))
    context = CheckContext(
        kind=paper.kind,
        fields=fields,
        spoken=spoken,
        units=options.units,
        lines=paper.lines,
        agreed=frozenset(name for name, one in evidence.items() if one.agreed),
        others=paper.others,
        codes=paper.codes,
    )
    seen = eras_seen(paper.kind, paper.lines)
    printed = frozenset(name for name in (seen[0].prints if len(seen) == 1 else ()))
    printed |= lost_labels(paper.kind, paper.lines, fields) | paper.untold
    checked = run_checks(context)
    printed |= _beside_unlisted(paper.kind, checked)
    problems += checked + _missing(paper.kind, fields, printed)
    sure = {name: options.calibration.threshold(one.family) for name, one in evidence.items()}
    fields = _judge(paper.kind, fields, problems, sure)
    if answer.confidence < options.sure_kind:
        problems.append(Problem(code="kind_doubtful", values={"kind": paper.kind.title["vi"]}))
    found = Extraction(kind=paper.kind.code, kind_confidence=answer.confidence, fields=fields, problems=tuple(problems))
    return found, evidence


def _family(rule: FieldRule, parsed: Parsed, listed: Sequence[bool]) -> str:
    """Return the family of values for the calibration: usual phrases and titles are choices, measures are figures."""
    family = FAMILIES.get(rule.form, "figures")
    if family == "text" and _MEASURE.fullmatch(parsed.value or ""):
        return "figures"
    closed = bool(rule.known) or rule.source == "signer_title"
    return "choice" if closed and listed and all(listed) else family


def _said(value: str, words: str | None) -> str | None:
    return said_in_words(words, like=value) if words else None


def _repeated(reading: Reading, stands: Mapping[tuple[str, str], int]) -> float:
    """Return the share of its pairs of words that stand once more: they are hardly misread twice in the same way."""
    read = pairs(reading.text)
    own = Counter(read)
    return sum(stands.get(pair, 0) > own[pair] for pair in read) / len(read) if read else 0.0


def _open_words(reading: Reading, listed: Sequence[bool], stands: Mapping[tuple[str, str], int]) -> int:
    """Return how many words are neither listed nor stand once more beside a neighbor."""
    spelled = words(reading.text)
    own = Counter(pairs(reading.text))
    known = {word for pair in own if stands.get(pair, 0) > own[pair] for word in pair}
    return (
        sum(not one for one in listed)
        if len(listed) != len(spelled)
        else sum(not one and word not in known for one, word in zip(listed, spelled, strict=True))
    )


def _doubts(pages: Sequence[PageText]) -> Mapping[int, float]:
    """Return by page number how sure its words are in the mean."""
    return {page.number: mean(doubt_of(w.confidence) for w in page.words) for page in pages if page.words}


def _page_doubt(reading: Reading, doubts: Mapping[int, float]) -> float:
    """Return the mean of the worst page that a value stands on."""
    return min((doubts[piece.page] for piece in reading.pieces or reading.label), default=0.0)


def _line_count(reading: Reading) -> int:
    return len({(p.page, p.word.block, p.word.line) for p in reading.pieces})


def _field(reading: Reading, parsed: Parsed, probability: float) -> Field:
    shown = reading.pieces or reading.label
    on_page = tuple(p for p in shown if p.page == shown[0].page) if shown else ()
    return Field(
        name=reading.rule.name,
        value=parsed.value,
        raw=reading.text,
        confidence=probability if parsed.value is not None or not reading.pieces else 0.0,
        page=on_page[0].page if on_page else 0,
        box=box_of(on_page),
        doubtful=False,
    )


def _missing(kind: Kind, fields: dict[str, Field], printed: frozenset[str]) -> list[Problem]:
    """Return problems for what should stand on the paper and was not found; such fields are added, open.

    Args:
        printed: Fields that this form has, though not every paper of the kind, or whose label seems to stand on it.
    """
    problems = []
    found = set(fields)
    for name in kind.field_names:
        rules = [r for r in kind.fields if r.name == name and not r.words]
        if name not in fields:
            stands = name in printed or any(r.stands_with in found for r in rules)
            if all(r.may_be_absent for r in rules) and not stands:
                continue
            fields[name] = Field(name=name, value=None, confidence=0.0, doubtful=True)
            if not any(r.required for r in rules):
                problems.append(Problem(code="field_not_found", field_name=name, blocking=False))
        if fields[name].value is None and any(r.required for r in rules):
            problems.append(Problem(code="field_missing", field_name=name))
    return problems


def _beside_unlisted(kind: Kind, problems: Sequence[Problem]) -> frozenset[str]:
    """Return the field of the body above an issuer that may bear both names (`BỘCÔNGAN CÔNG AN TỈNH ĐẮK LẮK`).

    It is in no list then, or the sign of the number does not stand for it.
    """
    unlisted = {p.field_name for p in problems if p.code in ("agency_unlisted", "issuer_sign_unusual")}
    issuers = {rule.name for rule in kind.fields if rule.source == "letterhead"}
    return frozenset(r.name for r in kind.fields if r.source == "letterhead_parent" and unlisted & issuers)


def _judge(
    kind: Kind, fields: Mapping[str, Field], problems: Sequence[Problem], sure: Mapping[str, float]
) -> dict[str, Field]:
    """Return the fields in the order of the kind, doubtful where a problem or a low probability says so."""
    named = {p.field_name for p in problems}
    order = {name: index for index, name in enumerate(kind.field_names)}
    judged = {}
    for name in sorted(fields, key=lambda n: order.get(n, len(order))):
        one = fields[name]
        unsure = one.value is not None and one.confidence < sure.get(name, 1.0)
        open_value = one.value is None and bool(one.raw)
        judged[name] = replace(one, doubtful=one.doubtful or name in named or unsure or open_value)
    return judged
