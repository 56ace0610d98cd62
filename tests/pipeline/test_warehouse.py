"""The warehouse: finding, owners, validity, audit, autofill, faults."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Outcome, Road, Run, run_sohoa
from PIL import Image, ImageFilter

from domain.vietnamese import fold
from ocr.files.sources import Limits, open_source, read_pages
from ocr.picture.page_hash import page_hash
from ocr.picture.raster import decode
from pipeline.audit import STATE, AuditOptions, run_audit
from pipeline.autofill import autofill
from pipeline.certify import paper_address
from pipeline.forms import form_codes, load_form
from pipeline.sample import write_sample_dossiers
from pipeline.services import open_reader, open_services
from pipeline.validity import turn
from storage.index import IndexEntry, find_record, save_record
from storage.ocfl_inventory import VersionNote
from storage.papers import FIELDS
from storage.reuse import Intake, Likeness, ReuseWay, find_present, reuse_counts

pytestmark = pytest.mark.tools

OWNER = "070167999893"
HOLDER = "075166999408"
"""Number on the paper about marital status, which was filed for the owner."""
IN_FORCE = datetime(2023, 10, 1, tzinfo=UTC)
"""When that paper was in force."""


@pytest.fixture
def warehouse(road: Road, tmp_path: Path) -> Path:
    home = tmp_path / "warehouse"
    shutil.copytree(road.home, home)
    return home


@pytest.fixture
def run(warehouse: Path) -> Run:
    def run(*arguments: object, **variables: str) -> Outcome:
        return run_sohoa(warehouse, *arguments, "--json", **variables)

    return run


@pytest.fixture
def paper(road: Road) -> str:
    return str(road.certified[1]["document_id"])


def state_of(run: Run, paper: str) -> str:
    (found,) = (each for each in run("warehouse", "list", "--all").objects if each["document_id"] == paper)
    return str(found["state"])


# ---------------------------------------------------------------- finding


def test_a_scan_that_is_here_already_is_found_and_said_in_words(
    run: Run, warehouse: Path, samples: Path, paper: str
) -> None:
    decision, expired = next(samples.glob("*/01-quyet-dinh.pdf")), next(samples.glob("*/02-xac-nhan*.pdf"))

    found = run("warehouse", "find", "--file", expired)
    said = [run_sohoa(warehouse, "warehouse", "find", "--file", scan).out for scan in (decision, expired)]

    assert (found.code, found.objects[0]["document_id"]) == (0, paper)
    assert (found.objects[0]["likeness"], found.objects[0]["in_force"]) == ("same_content", False)
    assert said[0].startswith("Giấy này đã có trong Kho, còn hiệu lực")
    assert said[1].startswith("Giấy này đã có trong Kho nhưng hết hạn")


def scanned_again(paper: Path, out: Path, *, blur: float = 0) -> Path:
    limits = Limits()
    pages = [scan.image for scan in read_pages(open_source("a.pdf", paper.read_bytes(), limits=limits), limits=limits)]
    pictures = [Image.fromarray(decode(page)).resize((page.width // 2, page.height // 2)) for page in pages]
    pictures = [picture.filter(ImageFilter.GaussianBlur(blur)) for picture in pictures]
    pictures[0].save(out, save_all=True, append_images=pictures[1:], dpi=(150, 150))
    return out


def test_another_scan_of_a_paper_is_found_by_its_look_and_by_what_it_says(
    run: Run, samples: Path, tmp_path: Path, paper: str
) -> None:
    again = scanned_again(next(samples.glob("*/02-xac-nhan*.pdf")), tmp_path / "again.tif")

    found = run("warehouse", "find", "--file", again)

    assert [(each["document_id"], each["likeness"]) for each in found.objects] == [(paper, "same_paper")]
    assert found.code == 0


def test_a_paper_that_only_looks_like_one_here_is_not_said_to_be_here(
    run: Run, warehouse: Path, samples: Path, tmp_path: Path, paper: str
) -> None:
    blurred = scanned_again(next(samples.glob("*/02-xac-nhan*.pdf")), tmp_path / "blurred.tif", blur=4)

    found = run("warehouse", "find", "--file", blurred)
    said = run_sohoa(warehouse, "warehouse", "find", "--file", blurred).out

    assert [(each["document_id"], each["likeness"]) for each in found.objects] == [(paper, "alike")]
    assert found.code == 1
    assert said.startswith("Chưa chắc")


def test_the_paper_of_another_person_on_the_same_form_is_not_here(run: Run, road: Road, tmp_path: Path) -> None:
    write_sample_dossiers(tmp_path / "others", seed=9)
    other = next((tmp_path / "others").glob("*/01-quyet-dinh.pdf"))
    data, limits = other.read_bytes(), Limits()
    looks = [page_hash(scan.image) for scan in read_pages(open_source("a.pdf", data, limits=limits), limits=limits)]

    with open_services(home=road.home, reading=True) as services, services.database.reading() as transaction:
        (like,) = find_present(transaction, Intake(page_hashes=looks), today=IN_FORCE.date())
    found = run("warehouse", "find", "--file", other)

    assert like.likeness is Likeness.ALIKE
    assert (found.code, found.out) == (1, "")


def test_a_paper_that_is_not_here_is_answered_with_no(warehouse: Path, run: Run, samples: Path) -> None:
    other = next(samples.glob("*/01-xac-nhan*.png"))

    outcome = run("warehouse", "find", "--file", other)

    assert (outcome.code, outcome.out) == (1, "")
    said = run_sohoa(warehouse, "warehouse", "find", "--file", other)
    assert "Kho chưa có giấy này" in said.out
    assert "--number" in said.err


def test_a_paper_found_by_owner_and_kind_may_be_another_one(warehouse: Path) -> None:
    said = run_sohoa(warehouse, "warehouse", "find", "--owner", OWNER, "--kind", "decision").out

    assert said.startswith("Kho có giấy như vậy, còn hiệu lực")
    assert "Nếu đúng là giấy này thì không cần nộp và quét lại." in said


def test_words_are_found_with_and_without_diacritics(run: Run, paper: str) -> None:
    (record,) = run("warehouse", "find", "--owner", OWNER, "--kind", "marital_status").objects
    name = record["fields"]["holder_name"]

    with_marks = run("warehouse", "find", name).objects
    without = run("warehouse", "find", _without_diacritics(name)).objects
    by_field = run("warehouse", "find", "--field", f"holder_name={_without_diacritics(name)}").objects

    assert paper in [each["document_id"] for each in with_marks]
    assert paper in [each["document_id"] for each in without]
    assert paper in [each["document_id"] for each in by_field]


def test_what_is_asked_wrongly_is_said_in_one_line(run: Run) -> None:
    for arguments in (("find",), ("find", "--kind", "no_such_kind"), ("find", "--file", "/nowhere.pdf")):
        outcome = run("warehouse", *arguments)

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (3, "", 1), outcome.err


def _without_diacritics(text: str) -> str:
    return fold(text)


# ---------------------------------------------------------------- owners


def test_papers_are_listed_by_any_number_of_their_owner(run: Run) -> None:
    run("owners", "add", OWNER, "--name", "Nguyễn Văn Thử")
    run("owners", "alias", OWNER, "280123456")

    by_old = run("warehouse", "list", "--owner", "280123456").out

    assert by_old
    assert by_old == run("warehouse", "list", "--owner", OWNER).out


def test_the_end_of_an_account_takes_every_consent_back_and_heirs_may_follow(run: Run, paper: str) -> None:
    for number, name in ((OWNER, "Nguyễn Văn Thử"), ("070190000001", "Nguyễn Thị Kế")):
        run("owners", "add", number, "--name", name)
    (grant,) = run("share", "request", paper, "--office", "H19.30", "--purpose", "thừa kế").objects
    run("share", "grant", grant["reference"], "--consent", "phiếu")
    heir = ("owners", "link", OWNER, "070190000001", "--relation", "heir", "--basis", "Di chúc 01")
    early = run(*heir)

    (closed,) = run("owners", "close", OWNER, "--reason", "Trích lục khai tử 15/TLKT").objects

    assert (early.code, closed["state"]) == (3, "succession")
    assert run("share", "resolve", grant["reference"], "--office", "H19.30").objects[0]["refusal"] == "consent_revoked"
    assert run(*heir).objects[0]["links"][0]["relation"] == "heir"


def test_nothing_is_certified_for_an_account_that_is_closed(at_desk: Run) -> None:
    at_desk("owners", "add", OWNER, "--name", "Nguyễn Văn Thử")
    at_desk("owners", "close", OWNER, "--reason", "Trích lục khai tử 15/TLKT")

    outcome = at_desk("certify", "--ready", "--yes")

    assert (outcome.code, outcome.out) == (1, "")
    assert "thừa kế" in outcome.err
    assert at_desk("warehouse", "list", "--all", "--json").out == ""


# ---------------------------------------------------------------- validity


def test_a_paper_expires_when_its_last_day_is_past_and_the_store_says_so(run: Run, warehouse: Path, paper: str) -> None:
    (record,) = run("warehouse", "find", "--owner", OWNER, "--kind", "marital_status").objects
    last = datetime.fromisoformat(record["valid_until"]).replace(tzinfo=UTC)
    with open_services(home=warehouse, clock=lambda: last) as services:
        on_its_last_day = list(turn(services))

    turned = run("warehouse", "turn").objects
    again = run("warehouse", "turn").objects

    assert (on_its_last_day, [each["document_id"] for each in turned], again) == ([], [paper], [])
    assert state_of(run, paper) == "expired"
    assert run("reindex").objects[0]["changed"] == []
    assert state_of(run, paper) == "expired"


def test_a_paper_under_verification_holds_again_when_it_is_cleared(run: Run, road: Road) -> None:
    paper = road.certified[0]["document_id"]
    run("withdraw", paper, "--suspend", "--reason", "nghi giả mạo")
    suspended = (state_of(run, paper), run("verify", paper).code)
    run("withdraw", paper, "--resume", "--reason", "đã xác minh")

    assert suspended == ("suspended", 1)
    assert (state_of(run, paper), run("verify", paper).code) == ("in_force", 0)


def test_two_papers_do_not_replace_each_other(run: Run, road: Road) -> None:
    one, other = (each["document_id"] for each in road.certified)
    run("withdraw", one, "--superseded-by", other)

    outcome = run("withdraw", other, "--superseded-by", one)

    assert (outcome.code, state_of(run, other)) == (3, "in_force")


# ---------------------------------------------------------------- audit


def test_an_audit_names_object_file_and_digest(run: Run, warehouse: Path, paper: str) -> None:
    sound = run("audit")
    (copy,) = (warehouse / "store").rglob(f"{paper}/v1/content/copy.pdf")
    copy.chmod(0o600)
    copy.write_bytes(copy.read_bytes()[:-1] + b"!")

    broken = run("audit")

    assert (sound.code, sound.objects[-1]["papers"], sound.objects[-1]["findings"]) == (0, 2, 0)
    assert (broken.code, broken.objects[-1]["findings"]) == (1, 1)
    finding = broken.objects[0]
    assert (finding["code"], finding["document_id"]) == ("audit_changed", paper)
    assert finding["key"].endswith("v1/content/copy.pdf")
    assert finding["expected"] != finding["actual"]


def test_an_audit_that_was_interrupted_goes_on_and_tells_what_it_found_before(
    warehouse: Path, run: Run, paper: str
) -> None:
    (copy,) = (warehouse / "store").rglob(f"{paper}/v1/content/copy.pdf")
    copy.chmod(0o600)
    copy.write_bytes(b"!")

    def interrupt() -> None:
        raise KeyboardInterrupt

    with open_services(home=warehouse) as services, pytest.raises(KeyboardInterrupt):
        run_audit(services, AuditOptions(workers=1), on_paper=interrupt)
    kept = (warehouse / STATE).exists()
    resumed = run("audit", "--resume")

    assert kept
    assert (resumed.code, resumed.objects[-1]["papers"], resumed.objects[-1]["findings"]) == (1, 2, 1)
    assert not (warehouse / STATE).exists()


# ---------------------------------------------------------------- autofill


def test_a_form_is_filled_with_the_source_of_each_value_and_counted(run: Run, warehouse: Path, paper: str) -> None:
    nothing = run("autofill", "marriage_declaration", "--owner", OWNER).objects[0]
    run("owners", "add", OWNER, "--name", "Huỳnh Thị Trang")
    run("owners", "alias", OWNER, HOLDER)
    with open_services(home=warehouse, clock=lambda: IN_FORCE) as services:
        filled = autofill("marriage_declaration", OWNER, services, dossier="H19-1")
        with services.database.reading() as transaction:
            counted = reuse_counts(transaction, paper)

    name = next(field for field in filled.fields if field.name == "holder_name")
    assert nothing["fields"]["holder_name"] == {
        "label": "Họ và tên",
        "value": None,
        "conflict": False,
        "sources": [],
    }
    assert (name.value, name.candidates[0].document_id) == ("HUỲNH THỊ TRANG", paper)
    assert 0 < name.candidates[0].confidence <= 1
    assert counted == {ReuseWay.AUTOFILL: 1}
    assert run("log", "list", "--document", paper).objects[0]["action"] == "autofill"


def test_papers_that_contradict_each_other_fill_nothing_and_are_both_shown(
    run: Run, warehouse: Path, paper: str
) -> None:
    run("owners", "add", OWNER, "--name", "Huỳnh Thị Trang")
    run("owners", "alias", OWNER, HOLDER)
    with open_services(home=warehouse, clock=lambda: IN_FORCE) as services:
        with services.database.transaction() as transaction:
            record = find_record(transaction, paper)
            fields = {**record.fields, "ethnicity": "Ê Đê"}
            other = replace(record, id="0" * 16, draft_id="", fields=fields, status_index=1 << 21)
            save_record(transaction, IndexEntry(record=other))
        data = services.archive.read_paper(paper_address(record), FIELDS)
        note = VersionNote(message="thử", user="thử", at=services.clock())
        services.archive.store_paper(paper_address(other), {FIELDS: data}, note)
        filled = autofill("marriage_declaration", OWNER, services)

    ethnicity = next(field for field in filled.fields if field.name == "ethnicity")
    name = next(field for field in filled.fields if field.name == "holder_name")
    assert (ethnicity.value, ethnicity.conflict, len(ethnicity.candidates)) == ("", True, 2)
    assert (bool(name.value), name.conflict) == (True, False)


def test_every_form_names_kinds_and_fields_that_are_read() -> None:
    kinds = open_reader(home=Path("/nowhere")).kinds

    assert [load_form(code, kinds).code for code in form_codes()] == ["household_business", "marriage_declaration"]


# ---------------------------------------------------------------- faults


def test_where_the_log_cannot_be_written_nothing_is_shown(
    warehouse: Path, run: Run, paper: str, tmp_path: Path
) -> None:
    books = warehouse / "store" / "books"
    shutil.rmtree(books, ignore_errors=True)
    books.write_bytes(b"")  # a file in place of the folder: what is below it cannot be written

    outcome = run("warehouse", "get", paper, "--out", tmp_path / "out")

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (7, "", 1), outcome.err
    assert not (tmp_path / "out").exists()


@contextmanager
def full_disk() -> Iterator[None]:
    """Let the system refuse to write more into any file: the same path through our code as a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_each_verb_says_so_in_one_line_and_nothing_acknowledged_is_lost(
    warehouse: Path, run: Run, paper: str, tmp_path: Path
) -> None:
    (grant,) = run("share", "request", paper, "--office", "H19.30", "--purpose", "thử").objects
    before = run("share", "list").out, run("warehouse", "list", "--all").out
    reference = grant["reference"]

    for verb in (
        ("warehouse", "get", paper, "--out", tmp_path / "out"),
        ("warehouse", "find", "--owner", OWNER),
        ("warehouse", "turn"),
        ("share", "request", paper, "--office", "H19.30", "--purpose", "thử"),
        ("share", "grant", reference, "--consent", "phiếu"),
        ("share", "resolve", reference, "--office", "H19.30"),
        ("owners", "add", OWNER, "--name", "Nguyễn Văn Thử"),
        ("withdraw", paper, "--reason", "thử"),
        ("log", "head"),
    ):
        with full_disk():
            outcome = run(*verb)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (7, "", 1), (verb, outcome)

    assert (run("share", "list").out, run("warehouse", "list", "--all").out) == before
    assert run("log", "verify").code == 0
    assert run("share", "grant", reference, "--consent", "phiếu").code == 0


def test_a_store_that_is_a_file_is_a_fault_of_the_store(warehouse: Path, run: Run, paper: str) -> None:
    shutil.rmtree(warehouse / "store")
    (warehouse / "store").write_bytes(b"")

    outcome = run("warehouse", "get", paper)

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (7, "", 1), outcome.err
