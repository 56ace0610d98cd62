"""Audit: every byte of the store is still what was stored; can be sampled, and goes on where it was interrupted."""

import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import InputError, ObjectCorrupt
from pipeline.messages import Messages
from pipeline.serial import JsonObject, from_json, to_json
from pipeline.services import Services
from storage.audit import AuditOptions as AuditOptions
from storage.audit import AuditReport, audit
from storage.audit_object import Finding, FindingCode

log = logging.getLogger(__name__)

STATE = "audit.json"
"""Where an audit that was interrupted keeps how far it came, in the data directory."""
_EVERY = 500
"""Papers after which it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditState:
    """How far an audit came."""

    options: AuditOptions
    report: AuditReport = field(default_factory=AuditReport)


def run_audit(
    services: Services,
    options: AuditOptions,
    *,
    resume: bool = False,
    on_paper: Callable[[], None] = lambda: None,
) -> AuditReport:
    """Return what an audit of the store found.

    Nothing but its own state is written; where that cannot be kept, on a read-only disk, it cannot be gone on with.

    Args:
        resume: Go on with the audit that was interrupted, with its options; without one, begin anew.

    Raises:
        InputError: The share is none.
        StorageError: The store cannot be listed.
    """
    if not 0 < options.share <= 1:
        raise InputError("Tỷ lệ kiểm tra phải lớn hơn 0 và không quá 1, ví dụ --share 0.1.")
    path = services.home / STATE
    state = (load_state(path) if resume else None) or AuditState(options=options)
    reached = state.report

    def progress(report: AuditReport) -> None:
        nonlocal reached
        if report.papers != reached.papers:
            on_paper()
            if report.papers % _EVERY == 0:
                _save(path, AuditState(options=state.options, report=report))
        reached = report

    try:
        return audit(services.archive.store, options=state.options, begun=state.report, progress=progress)
    finally:
        _save(path, None if reached.finished else AuditState(options=state.options, report=reached))


def load_state(path: Path) -> AuditState | None:
    """Return how far an interrupted audit came, None where there is none or its file is damaged."""
    try:
        return from_json(AuditState, path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ObjectCorrupt):
        return None


def finding_text(finding: Finding, messages: Messages, language: str = "vi") -> str:
    """Return what is wrong, in words: which file, which digest."""
    values = {"key": finding.key, "expected": finding.expected[:16], "actual": finding.actual[:16]}
    code = (
        "audit_changed_inside" if finding.code is FindingCode.CHANGED and not finding.expected else finding.code.value
    )
    return messages.text(code, language, values)


def finding_object(finding: Finding, messages: Messages) -> JsonObject:
    """Return what `sohoa audit` prints for something that is wrong."""
    return {
        "code": finding.code.value,
        "document_id": finding.root.rpartition("/")[2] or None,
        "key": finding.key,
        "expected": finding.expected or None,
        "actual": finding.actual or None,
        "message": finding_text(finding, messages),
    }


def report_object(report: AuditReport) -> JsonObject:
    """Return what `sohoa audit` prints at its end."""
    return {
        "papers": report.papers,
        "files": report.files,
        "bytes": report.bytes,
        "findings": len(report.findings),
        "finished": report.finished,
    }


def _save(path: Path, state: AuditState | None) -> None:
    """Keep how far an audit came, or that none is under way; an audit goes on where that cannot be written."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        if state is None:
            path.unlink(missing_ok=True)
            return
        temporary.write_text(to_json(state), "utf-8")
        temporary.replace(path)
    except OSError as e:
        log.warning("the state of the audit cannot be kept: %s", e)
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
