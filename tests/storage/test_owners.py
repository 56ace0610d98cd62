from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.errors import InputError, NotReady, UnknownDocument
from storage.database import Database, Transaction
from storage.owners import (
    NumberKind,
    Owner,
    OwnerKind,
    OwnerLink,
    OwnerState,
    Relation,
    add_alias,
    add_link,
    close_account,
    end_links,
    find_owner,
    list_links,
    numbers_of,
    require_active,
    resolve_owner,
    role_of,
    save_owner,
    search_owners,
)

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)
FATHER, CHILD, STRANGER = "070185000001", "070215000002", "070190000003"


def owner(number: str, name: str, kind: OwnerKind = OwnerKind.CITIZEN) -> Owner:
    return Owner(id=number, kind=kind, name=name, birth_date="1985", registered_at=NOW)


def link(owner_id: str, person_id: str, relation: Relation = Relation.GUARDIAN) -> OwnerLink:
    return OwnerLink(
        owner_id=owner_id, person_id=person_id, relation=relation, valid_from=date(2020, 1, 1), basis="12/GKS"
    )


def register(transaction: Transaction) -> None:
    save_owner(transaction, owner(FATHER, "Nguyễn Văn An"))
    save_owner(transaction, owner(CHILD, "Nguyễn Thị Bé"))
    save_owner(transaction, owner(STRANGER, "Trần Văn Lạ"))


def test_an_owner_comes_back_and_can_be_corrected(database: Database) -> None:
    with database.transaction() as transaction:
        register(transaction)
        corrected = replace(owner(FATHER, "Nguyễn Văn Ân"), birth_date="1985-04-30")
        save_owner(transaction, corrected)

        assert find_owner(transaction, FATHER) == corrected
        with pytest.raises(UnknownDocument, match="Không có chủ sở hữu"):
            find_owner(transaction, "999")


def test_an_old_number_leads_to_the_owner(database: Database) -> None:
    with database.transaction() as transaction:
        register(transaction)
        add_alias(transaction, FATHER, "285000001", NumberKind.OLD_IDENTITY)
        add_alias(transaction, FATHER, "8000000001", NumberKind.TAX)
        add_alias(transaction, FATHER, FATHER, NumberKind.TAX)

        assert find_owner(transaction, "285000001").id == FATHER
        assert numbers_of(transaction, "8000000001") == (FATHER, "285000001", "8000000001")
        assert numbers_of(transaction, "unregistered") == ("unregistered",)
        assert resolve_owner(transaction, "unregistered") is None


def test_a_number_never_belongs_to_two_owners(database: Database) -> None:
    with database.transaction() as transaction:
        register(transaction)
        add_alias(transaction, FATHER, "285000001", NumberKind.OLD_IDENTITY)

        with pytest.raises(InputError, match="thuộc về chủ sở hữu khác"):
            add_alias(transaction, CHILD, "285000001", NumberKind.OLD_IDENTITY)
        with pytest.raises(InputError, match="thuộc về chủ sở hữu khác"):
            add_alias(transaction, CHILD, FATHER, NumberKind.OTHER)
        with pytest.raises(InputError, match="số cũ của chủ sở hữu khác"):
            save_owner(transaction, owner("285000001", "Ai đó"))


def test_owners_are_found_by_name_without_diacritics(database: Database) -> None:
    with database.transaction() as transaction:
        register(transaction)
        save_owner(transaction, owner("3800000001", "Nguyễn Văn An Bình", OwnerKind.ORGANIZATION))
        save_owner(transaction, owner("3800000002", "Nguyễn Văn Ánh"))

        assert [o.id for o in search_owners(transaction, "nguyen van an")] == [FATHER, "3800000001"]
        assert [o.name for o in search_owners(transaction, "TRẦN")] == ["Trần Văn Lạ"]
        assert [o.id for o in search_owners(transaction, "nguyen", limit=2)] == [CHILD, FATHER]
        assert search_owners(transaction, " ") == ()
        assert search_owners(transaction, "100%_") == ()


def test_a_guardian_sees_the_papers_while_the_guardianship_lasts(database: Database) -> None:
    with database.transaction() as transaction:
        register(transaction)
        add_link(transaction, link(CHILD, FATHER))

        assert role_of(transaction, FATHER, CHILD, on=TODAY) is Relation.GUARDIAN
        assert role_of(transaction, FATHER, CHILD, on=date(2019, 12, 31)) == ""
        assert role_of(transaction, CHILD, FATHER, on=TODAY) == ""
        assert role_of(transaction, STRANGER, CHILD, on=TODAY) == ""
        assert role_of(transaction, CHILD, CHILD, on=TODAY) == "self"
        assert role_of(transaction, "999", CHILD, on=TODAY) == ""

        assert end_links(transaction, CHILD, FATHER, last_day=date(2026, 11, 20)) == 1
        assert role_of(transaction, FATHER, CHILD, on=TODAY) == ""
        assert list_links(transaction, CHILD, on=date(2026, 11, 20))[0].person_id == FATHER


@pytest.mark.parametrize(
    "wrong", [link(FATHER, FATHER), replace(link(CHILD, FATHER), valid_to=date(2019, 1, 1))], ids=["self", "days"]
)
def test_a_link_that_makes_no_sense_is_refused(database: Database, wrong: OwnerLink) -> None:
    with database.transaction() as transaction:
        register(transaction)

        with pytest.raises(InputError, match="không hợp lệ"):
            add_link(transaction, wrong)


def test_death_closes_the_account_for_all_but_the_heirs(database: Database) -> None:
    with database.transaction() as transaction:
        register(transaction)
        add_link(transaction, link(FATHER, STRANGER, Relation.REPRESENTATIVE))
        with pytest.raises(NotReady, match="chưa chuyển sang thừa kế"):
            add_link(transaction, link(FATHER, CHILD, Relation.HEIR))
        with pytest.raises(NotReady, match="căn cứ"):
            close_account(transaction, FATHER, reason=" ", now=NOW)

        closed = close_account(transaction, FATHER, reason="Trích lục khai tử 7/2026", now=NOW)
        add_link(transaction, link(FATHER, CHILD, Relation.HEIR))

        assert (closed.state, closed.state_at) == (OwnerState.SUCCESSION, NOW)
        assert close_account(transaction, FATHER, reason="again", now=NOW) == closed
        assert role_of(transaction, CHILD, FATHER, on=TODAY) is Relation.HEIR
        assert role_of(transaction, STRANGER, FATHER, on=TODAY) == ""
        assert role_of(transaction, FATHER, FATHER, on=TODAY) == ""
        save_owner(transaction, owner(FATHER, "Nguyễn Văn An"))
        assert find_owner(transaction, FATHER).state is OwnerState.SUCCESSION


def test_nothing_is_filed_for_the_dead(database: Database) -> None:
    with database.transaction() as transaction:
        register(transaction)
        close_account(transaction, FATHER, reason="Trích lục khai tử 7/2026", now=NOW)

        require_active(transaction, CHILD)
        require_active(transaction, "unregistered")
        with pytest.raises(NotReady, match="thừa kế"):
            require_active(transaction, FATHER)
