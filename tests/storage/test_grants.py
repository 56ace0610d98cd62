from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from index_entries import document_id, entry

from domain.errors import InputError, NotReady, UnknownDocument
from storage.access_log import list_log
from storage.database import Database
from storage.grants import (
    Grant,
    GrantDecision,
    GrantRequest,
    Refusal,
    Resolution,
    Scope,
    decide_grant,
    find_grant,
    list_grants,
    request_grant,
    resolve_grant,
    revoke_all,
    revoke_grant,
)
from storage.index import save_record
from storage.log_check import verify_log

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
OWNER, OFFICE, REFERENCE = "070300000001", "H01.02", "n7k2c9x4m1p8q3"


def request(scope: Scope = Scope.COPY, *fields: str) -> GrantRequest:
    return GrantRequest(
        document_id=document_id(1),
        office=OFFICE,
        purpose="Đăng ký thường trú",
        scope=scope,
        fields=fields,
        dossier="H01-1",
        requested_by="canbo.hanoi",
        valid_until=NOW + timedelta(days=30),
    )


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as transaction:
        save_record(transaction, entry(1))
    return database


def give(database: Database, asked: GrantRequest) -> Grant:
    with database.transaction() as transaction:
        request_grant(transaction, asked, reference=REFERENCE, now=NOW)
        return decide_grant(transaction, REFERENCE, granted=True, by=OWNER, consent="Phiếu 12", now=NOW)


def resolve(database: Database, office: str = OFFICE, reference: str = REFERENCE, days: int = 1) -> Resolution:
    with database.transaction() as transaction:
        return resolve_grant(transaction, reference, actor="canbo", office=office, now=NOW + timedelta(days=days))


def test_with_consent_the_office_gets_the_paper_and_the_owner_reads_who_looked(filled: Database) -> None:
    given = give(filled, request())
    answer = resolve(filled)
    with filled.reading() as transaction:
        [seen] = list_log(transaction, owner_id=OWNER)

        assert verify_log(transaction) == ()
        assert find_grant(transaction, REFERENCE).uses == 1
    assert (given.decision, given.consent, given.owner_id) == (GrantDecision.GRANTED, "Phiếu 12", OWNER)
    assert answer.record == entry(1).record
    assert answer.fields == entry(1).record.fields
    assert (seen.access.office, seen.access.purpose, seen.access.outcome) == (OFFICE, "Đăng ký thường trú", "done")


def test_the_scope_limits_what_is_shown(filled: Database) -> None:
    give(filled, request(Scope.FIELDS, "number"))
    answer = resolve(filled)

    assert answer.fields == {"number": "1/2024"}
    assert answer.record is None
    assert (answer.kind, answer.state) == ("birth_certificate", "in_force")


def test_existence_alone_shows_no_field(filled: Database) -> None:
    give(filled, request(Scope.EXISTENCE))

    assert resolve(filled).fields == {}


@pytest.mark.parametrize(
    ("refusal", "office", "reference", "days"),
    [
        (Refusal.OTHER_OFFICE, "H99", REFERENCE, 1),
        (Refusal.UNKNOWN, OFFICE, "guessed", 1),
        (Refusal.EXPIRED, OFFICE, REFERENCE, 30),
    ],
)
def test_a_reference_is_refused_and_the_attempt_is_logged(
    filled: Database, refusal: Refusal, office: str, reference: str, days: int
) -> None:
    give(filled, request())
    answer = resolve(filled, office, reference, days)
    with filled.reading() as transaction:
        [seen] = list_log(transaction)

        assert find_grant(transaction, REFERENCE).uses == 0
    assert answer == Resolution(refusal=refusal)
    assert seen.access.outcome == "refused"
    assert refusal in seen.access.detail


def test_without_decision_or_after_a_no_nothing_is_shown(filled: Database) -> None:
    with filled.transaction() as transaction:
        request_grant(transaction, request(), reference=REFERENCE, now=NOW)
    assert resolve(filled).refusal is Refusal.PENDING

    with filled.transaction() as transaction:
        decide_grant(transaction, REFERENCE, granted=False, by=OWNER, consent="", now=NOW)
    assert resolve(filled).refusal is Refusal.REFUSED


def test_a_consent_is_taken_back(filled: Database) -> None:
    give(filled, request())
    assert resolve(filled).refusal is Refusal.NONE
    with filled.transaction() as transaction:
        revoked = revoke_grant(transaction, REFERENCE, now=NOW)

    assert revoked.revoked_at == NOW
    assert resolve(filled).refusal is Refusal.REVOKED


def test_all_consents_of_an_owner_end_together(filled: Database) -> None:
    give(filled, request())
    with filled.transaction() as transaction:
        assert revoke_all(transaction, OWNER, now=NOW) == 1
        assert revoke_all(transaction, OWNER, now=NOW) == 0

    assert resolve(filled).refusal is Refusal.REVOKED


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (replace(request(), purpose=" "), "mục đích"),
        (request(Scope.FIELDS), "trường thông tin"),
        (request(Scope.COPY, "number"), "trường thông tin"),
        (replace(request(), valid_until=NOW), "Thời hạn"),
    ],
    ids=["purpose", "no fields", "fields without need", "past"],
)
def test_a_request_that_says_too_little_is_refused(filled: Database, wrong: GrantRequest, message: str) -> None:
    with filled.transaction() as transaction, pytest.raises(InputError, match=message):
        request_grant(transaction, wrong, reference=REFERENCE, now=NOW)


def test_a_consent_must_be_provable_and_is_given_once(filled: Database) -> None:
    with filled.transaction() as transaction:
        request_grant(transaction, request(), reference=REFERENCE, now=NOW)
        with pytest.raises(NotReady, match="căn cứ đồng ý"):
            decide_grant(transaction, REFERENCE, granted=True, by=OWNER, consent=" ", now=NOW)
        decide_grant(transaction, REFERENCE, granted=False, by=OWNER, consent="", now=NOW)
        with pytest.raises(NotReady, match="đã được quyết định"):
            decide_grant(transaction, REFERENCE, granted=True, by=OWNER, consent="Phiếu", now=NOW)
        with pytest.raises(UnknownDocument, match="mã tham chiếu"):
            revoke_grant(transaction, "guessed", now=NOW)


def test_grants_are_listed_for_owner_paper_and_office(filled: Database) -> None:
    given = give(filled, request())
    with filled.reading() as transaction:
        assert list_grants(transaction, owner_id=OWNER) == (given,)
        assert list_grants(transaction, document_id=document_id(1)) == (given,)
        assert list_grants(transaction, office=OFFICE) == (given,)
        assert list_grants(transaction, office="H99") == ()
