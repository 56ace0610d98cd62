"""What the verbs of the warehouse print, as objects: one shape for the command and the REST API."""

from pipeline.access import LogCheck, LogFinding
from pipeline.find import Found
from pipeline.link import Link
from pipeline.messages import Messages
from pipeline.owners import OwnerCard
from pipeline.present import record_object
from pipeline.retention import day_text
from pipeline.serial import JsonObject, to_data
from pipeline.share import Resolved
from pipeline.warehouse import PaperCard
from storage.access_log import LogEntry
from storage.grants import Grant, Refusal


def found_object(found: Found) -> JsonObject:
    """Return what `sohoa warehouse find` prints for a paper."""
    likeness = found.likeness.value if found.likeness is not None else None
    told = {"likeness": likeness, "in_force": found.in_force, "state_today": found.state.value}
    return {**record_object(found.record), **told}


def card_object(card: PaperCard) -> JsonObject:
    """Return what `sohoa warehouse show` prints."""
    return {
        **record_object(card.record),
        "state_today": card.state.value,
        "kept_until": day_text(card.kept_until) or None,
        "holds": list(card.holds),
        "versions": [
            {
                "number": version.number,
                "at": version.note.at.isoformat(),
                "by": version.note.user,
                "message": version.note.message,
                "files": sorted(version.state),
            }
            for version in card.versions
        ],
    }


def link_object(link: Link) -> JsonObject:
    """Return a download link as the one who asked sees it."""
    values: JsonObject = to_data(link)
    return values


def grant_object(grant: Grant) -> JsonObject:
    """Return a grant as the verbs of `sohoa share` print it."""
    values: JsonObject = to_data(grant)
    asked = values.pop("request")
    return {**asked, **values}


def resolved_object(resolved: Resolved, messages: Messages) -> JsonObject:
    """Return what `sohoa share resolve` prints."""
    found = resolved.resolution
    refused = found.refusal is not Refusal.NONE
    return {
        "reference": resolved.reference,
        "refusal": found.refusal.value or None,
        "message": messages.text(found.refusal.value) if refused else None,
        "scope": found.scope.value if found.scope is not None else None,
        "document_id": found.document_id or None,
        "kind": found.kind or None,
        "state": found.state or None,
        "fields": dict(found.fields),
        "sha256": found.record.sha256 if found.record is not None else None,
        "file": str(resolved.file) if resolved.file is not None else None,
        "link": link_object(resolved.link) if resolved.link is not None else None,
    }


def entry_object(entry: LogEntry) -> JsonObject:
    """Return a line of the access log."""
    return {"number": entry.number, "at": entry.at.isoformat(), **to_data(entry.access), "hash": entry.hash.hex()}


def log_finding_text(finding: LogFinding, messages: Messages, language: str = "vi") -> str:
    """Return what is wrong with the log, in words."""
    values = {"first": str(finding.first), "last": str(finding.last), "moved_from": str(finding.moved_from)}
    return messages.text(f"log_{finding.fault.value}", language, values)


def log_check_object(check: LogCheck, messages: Messages) -> JsonObject:
    """Return what `sohoa log verify` prints."""
    findings = [
        {
            "code": finding.fault.value,
            "first": finding.first,
            "last": finding.last,
            "moved_from": finding.moved_from,
            "message": log_finding_text(finding, messages),
        }
        for finding in check.findings
    ]
    return {"holds": not check.findings, "size": check.size, "heads": check.heads, "findings": findings}


def owner_object(card: OwnerCard) -> JsonObject:
    """Return what the verbs of `sohoa owners` print."""
    return {**to_data(card.owner), "numbers": list(card.numbers), "links": to_data(card.links)}
