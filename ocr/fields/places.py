"""Fields that are told by their place on the paper and not by a label."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ocr.fields.classify import Classification, TitleMatch
from ocr.fields.kinds import FieldRule, Kind
from ocr.fields.labels import Reading, narrow
from ocr.fields.letterhead import Letterhead, body_above, read_letterhead
from ocr.fields.lines import Line, Piece, trim
from ocr.fields.signer import SignatureBlock, read_signature_block
from ocr.lexicon.matching import phrase


def read_places(lines: Sequence[Line], answer: Classification) -> list[Reading]:
    """Return what stands in the places that the rules of the kind name; nothing for an empty place."""
    if answer.kind is None:
        return []
    head = read_letterhead(lines, answer.title)
    block = _signature_block(lines, answer.kind)
    places = _places(lines, answer, head, block)
    doubts = _doubts(answer.kind, head, block)
    readings = []
    for rule in answer.kind.fields:
        if rule.source == "standalone":
            readings.append(Reading(rule, _standalone(lines, rule)))
        elif rule.source in places:
            pieces, doubt = places[rule.source], doubts.get(rule.source, "")
            label = () if pieces and rule.source != "number" else _beside(rule.source, lines, head, doubt)
            readings.append(Reading(rule, narrow(rule, pieces), label, doubt=doubt))
    return [r for r in readings if r.pieces or r.label]


def _doubts(kind: Kind, head: Letterhead, block: SignatureBlock) -> Mapping[str, str]:
    """Return what puts the value of a place in doubt, by the place; empty for nothing."""
    by_hand = head.number_filled_in
    parent_lost = head.parent_lost and not head.parent and kind.rule("subject") is not None
    several = block.several and kind.rule("subject") is not None
    issuer = "several_issuers" if head.several_issuers else ""
    return {
        "number": "number_filled_in" if by_hand else "",
        "date": "date_filled_in" if by_hand else "",  # by the same hand, on the same day
        "letterhead": issuer,
        "letterhead_parent": "field_not_found" if parent_lost else issuer,
        "subject": "part_lost" if head.subject_in_doubt else "",
        "signer_title": "several_signers" if several else "part_lost" if block.office_in_doubt else "",
        "signer": "several_signers" if several else "part_lost" if block.name_in_doubt else "",
    }


def _beside(source: str, lines: Sequence[Line], head: Letterhead, doubt: str) -> tuple[Piece, ...]:
    """Return what stands where a value is printed that may not have been read: to show its place."""
    if source == "number":
        return head.number_line
    if source == "letterhead_parent":
        return lines[0].pieces if lines and doubt == "field_not_found" else ()
    return head.beside_number if source in ("place", "date") else ()


def _signature_block(lines: Sequence[Line], kind: Kind) -> SignatureBlock:
    """Return the block of the paper's own signer; where only others' parts have one, that one in doubt."""
    own = _own(lines, kind)
    block = read_signature_block(own)
    if block.office or block.name or len(own) == len(lines):
        return block
    return replace(read_signature_block(lines), office_in_doubt=True, name_in_doubt=True)


def _own(lines: Sequence[Line], kind: Kind) -> Sequence[Line]:
    """Return the lines of a paper without the parts in which others sign later, each to the end of its page."""
    starts = [phrase(text) for section in kind.sections if section.signed_later for text in section.starts]
    first = {line.page: 0 for line in lines}
    for index in reversed(range(len(lines) if starts else 0)):
        if any(match.start == 0 for wanted in starts for part in lines[index].parts for match in part.find(wanted)):
            first[lines[index].page] = index
    return [line for index, line in enumerate(lines) if not 0 < first[line.page] <= index]


def _places(
    lines: Sequence[Line], answer: Classification, head: Letterhead, block: SignatureBlock
) -> Mapping[str, tuple[Piece, ...]]:
    places = {
        "number": head.number,
        "above_title": body_above(lines, answer.title),
        "letterhead": head.issuer,
        "letterhead_parent": head.parent,
        "place": head.place or block.place,
        "date": head.date or block.date,
        "subject": head.subject,
        "about": head.about,
        "signer_title": block.office,
        "signer": block.name,
        "signing_agency": block.agency,
    }
    if answer.title is not None:
        places["title"] = _title(lines, answer.title)
    return places


def _title(lines: Sequence[Line], title: TitleMatch) -> tuple[Piece, ...]:
    """Return the words of a title, of both of its lines where it has two."""
    part = title.part
    over = [p for line in lines[title.first : title.last] for p in line.parts if p.capital and _one_column(p, part)]
    return tuple(piece for each in (*over, part) for piece in trim(each.pieces))


def _one_column(part: Line, other: Line) -> bool:
    return part.page == other.page and other.box.x0 < part.box.x1 and part.box.x0 < other.box.x1


def _standalone(lines: Sequence[Line], rule: FieldRule) -> tuple[Piece, ...]:
    """Return the first part of a line that is wholly what the rule takes, with lines under it as the rule says."""
    parts = [part for line in lines for part in line.parts]
    first = next((i for i, part in enumerate(parts) if re.fullmatch(rf"\W*{rule.take}\W*", part.text)), None)
    if first is None:
        return ()
    found = [parts[first]]
    for part in parts[first + 1 :]:
        if len(found) < rule.lines and _continues(found[-1], part):
            found.append(part)
    return narrow(rule, tuple(p for part in found for p in part.pieces if not p.blank))


def _continues(part: Line, other: Line) -> bool:
    """Return whether a part in capitals stands close under another."""
    close = other.page == part.page and 0 < other.box.y0 - part.box.y0 < 2.4 * part.height
    return close and other.text.isupper() and other.box.x0 < part.box.x1 and part.box.x0 < other.box.x1
