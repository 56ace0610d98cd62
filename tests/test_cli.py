"""The command's contract, on real papers."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import Road, Run, run_sohoa
from PIL import Image

from terminal.screen import BUG, DONE, EXIT_CODES, INTERRUPTED, NO, USAGE

pytestmark = pytest.mark.tools

ROOT = Path(__file__).parent.parent


def test_digitize_prints_what_programs_rely_on(road: Road) -> None:
    scanned, born_digital = road.digitized

    assert set(scanned) >= {"source", "kind", "kind_confidence", "fields", "problems", "draft_id", "status", "error"}
    assert scanned["kind"] == "decision"
    assert born_digital["kind"] == "marital_status"
    assert scanned["fields"]["issue_date"]["value"] == "2024-09-17"
    assert set(scanned["fields"]["number"]) >= {"value", "raw", "confidence", "page", "box", "needs_review"}


def test_certify_prints_what_programs_rely_on(road: Road) -> None:
    first, second = road.certified

    assert set(first) >= {"draft_id", "document_id", "register_number", "level", "file", "sha256", "url"}
    assert first["level"] == "B-LTA"
    assert [paper["register_number"].partition("/")[0] for paper in (first, second)] == ["01", "02"]
    assert first["url"].startswith(f"http://127.0.0.1:8000/v/{first['document_id']}#")


def test_recognize_gives_words_with_their_places(road: Road, samples: Path) -> None:
    outcome = road.run("recognize", next(samples.glob("*/02-xac-nhan*.pdf")), "--json")

    (paper,) = outcome.objects
    (page,) = paper["pages"]
    assert {"number", "width", "height", "dpi", "rotation", "text", "words"} <= set(page)
    assert "TÌNH TRẠNG HÔN NHÂN" in page["text"]
    assert all(0 <= x <= 1 for word in page["words"] for x in word["box"])


def test_a_paper_is_digitized_once(road: Road, samples: Path, tmp_path: Path) -> None:
    copy = tmp_path / "again.pdf"
    copy.write_bytes(next(samples.glob("*/01-quyet-dinh.pdf")).read_bytes())

    (paper,) = road.run("digitize", copy, "--json").objects

    assert paper["status"] == "duplicate"
    assert paper["draft_id"] == road.digitized[0]["draft_id"]


def test_certifying_again_issues_nothing_new(road: Road) -> None:
    again = road.run("certify", road.certified[0]["draft_id"], "--json")

    assert again.objects[0]["document_id"] == road.certified[0]["document_id"]
    assert again.objects[0]["sha256"] == road.certified[0]["sha256"]


def test_a_certified_file_is_genuine(road: Road) -> None:
    outcome = road.run("verify", road.file, "--json")

    (answer,) = outcome.objects
    assert outcome.code == DONE
    assert answer["verdict"] == "genuine"
    assert {"reasons", "document_id", "signatures", "as_of"} <= set(answer)
    assert [each["field"] for each in answer["signatures"] if not each["timestamp"]] == ["Certifier", "Agency"]


def test_one_flipped_byte_anywhere_is_altered(road: Road, tmp_path: Path) -> None:
    whole = road.file.read_bytes()
    places = [0, *sorted(random.Random(7).sample(range(len(whole)), 12)), len(whole) - 1]

    for place in places:
        forged = tmp_path / "forged.pdf"
        forged.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        outcome = road.run("verify", forged, "--json")
        assert (outcome.objects[0]["verdict"], outcome.code) == ("altered", NO), f"byte {place}"


def test_a_code_is_verified_by_link_by_identifier_and_offline(road: Road) -> None:
    first = road.certified[0]
    for what in (first["url"], first["document_id"], first["url"].partition("#")[0]):
        assert road.run("verify", what, "--json").objects[0]["verdict"] == "genuine"

    outcome = road.run("verify", first["url"], "--offline", "--json")

    assert outcome.objects[0]["verdict"] == "genuine"
    assert "status_not_checked" in [reason["code"] for reason in outcome.objects[0]["reasons"]]


def test_offline_verification_needs_the_public_keys_only(road: Road, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    keys = road.home / "seal-keys.json"

    outcome = run_sohoa(elsewhere, "verify", road.certified[0]["url"], "--offline", "--keys", keys, "--json")

    assert outcome.objects[0]["verdict"] == "genuine"
    assert not elsewhere.exists()


def test_a_changed_seal_is_altered_offline(road: Road) -> None:
    url = road.certified[0]["url"]
    forged = url[:-40] + ("A" if url[-40] != "A" else "B") + url[-39:]

    outcome = road.run("verify", forged, "--offline", "--json")

    assert outcome.objects[0]["verdict"] == "altered"
    assert outcome.code == NO


def test_a_file_is_verified_offline_by_the_seal_in_its_picture(road: Road) -> None:
    (answer,) = road.run("verify", road.file, "--offline", "--json").objects

    assert answer["verdict"] == "genuine"
    assert "content_equal" in [reason["code"] for reason in answer["reasons"]]


def test_a_painted_over_copy_without_signatures_is_altered_offline_too(road: Road, tmp_path: Path) -> None:
    forged = tmp_path / "forged.pdf"
    with pikepdf.open(road.file) as pdf:
        for page in pdf.pages:
            page.Annots = pikepdf.Array()
        del pdf.Root.AcroForm
        pdf.pages[0].contents_add(pdf.make_stream(b"q 1 0 0 rg 100 300 200 100 re f Q"))
        pdf.save(forged)

    outcome = road.run("verify", forged, "--offline", "--json")

    assert (outcome.objects[0]["verdict"], outcome.code) == ("altered", NO)


def test_an_offline_file_is_not_judged_without_trusted_roots(road: Road, tmp_path: Path) -> None:
    keys = road.home / "seal-keys.json"

    outcome = run_sohoa(tmp_path / "elsewhere", "verify", road.file, "--offline", "--keys", keys, "--json")

    assert (outcome.objects[0]["verdict"], outcome.code) == ("undecided", NO)


def test_offline_a_trusted_root_alone_does_not_make_a_file_genuine(road: Road, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for purpose in ("signers", "timestamps"):
        (elsewhere / "trust" / purpose).mkdir(parents=True)
        root = next((road.home / "authority").glob("root*cert*.pem"))
        (elsewhere / "trust" / purpose / "root.pem").write_bytes(root.read_bytes())
    keys = road.home / "seal-keys.json"

    (answer,) = run_sohoa(elsewhere, "verify", road.file, "--offline", "--keys", keys, "--json").objects

    against = [reason["code"] for reason in answer["reasons"] if not reason["good"]]
    assert (answer["verdict"], against) == ("undecided", ["signers_not_known"])


def test_a_foreign_file_is_not_ours(road: Road, samples: Path) -> None:
    outcome = road.run("verify", next(samples.glob("*/02-xac-nhan*.pdf")), "--json")

    assert (outcome.objects[0]["verdict"], outcome.code) == ("unknown", NO)


def test_a_picture_without_a_code_says_nothing_about_the_paper(road: Road, tmp_path: Path) -> None:
    Image.new("L", (400, 300), 200).save(tmp_path / "a.png")

    outcome = road.run("verify", tmp_path / "a.png", "--json")

    assert (outcome.objects[0]["verdict"], outcome.code) == ("undecided", NO)


def test_a_withdrawn_paper_is_withdrawn_for_everybody(samples: Path, home: Path, sohoa: Run) -> None:
    sohoa("init")
    paper = next(samples.glob("*/02-xac-nhan*.pdf"))
    draft = sohoa("digitize", paper, "--json").objects[0]["draft_id"]
    sohoa("review", "approve", draft)
    done = sohoa("certify", draft, "--json").objects[0]

    withdrawn = sohoa("withdraw", done["document_id"], "--reason", "cấp nhầm", "--json").objects[0]

    assert withdrawn["state"] == "withdrawn"
    for what in (done["file"], done["document_id"], done["url"]):
        outcome = sohoa("verify", what, "--json")
        assert (outcome.objects[0]["verdict"], outcome.code) == ("withdrawn", NO)
    lists = sorted((home / "store").rglob("status/*.cbor"))
    offline = sohoa("verify", done["url"], "--offline", "--status-list", lists[-1], "--json")
    assert (offline.objects[0]["verdict"], offline.code) == ("withdrawn", NO)


def test_the_warehouse_lists_and_hands_out(road: Road, tmp_path: Path) -> None:
    listed = road.run("warehouse", "list", "--owner", "070167999893", "--json").objects
    everything = road.run("warehouse", "list", "--all", "--json").objects
    got = road.run("warehouse", "get", "--owner", "070167999893", "--out", tmp_path, "--json").objects

    assert {paper["document_id"] for paper in listed} == {paper["document_id"] for paper in road.certified}
    assert listed == everything
    assert all(road.run("verify", paper["file"]).code == DONE for paper in got)


def test_a_table_for_a_program_is_parted_by_tabs(road: Road) -> None:
    heads, *rows = road.run("register", "list").out.splitlines()

    assert rows and all(row.count("\t") == heads.count("\t") > 1 for row in rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A scan of which a person has to look at some fields."""

    home: Path
    scan: Path
    paper: dict[str, Any]


@pytest.fixture(scope="module")
def waiting(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Waiting:
    """A data directory with an open draft; not to be changed by a test."""
    home, scan = tmp_path_factory.mktemp("waiting") / "home", next(samples.glob("*/01-giay-khai-sinh.pdf"))
    assert run_sohoa(home, "init").code == 0
    (paper,) = run_sohoa(home, "digitize", scan, "--json").objects
    assert paper["status"] == "needs_review"
    return Waiting(home, scan, paper)


def test_nothing_open_is_certified(waiting: Waiting) -> None:
    outcome = run_sohoa(waiting.home, "certify", waiting.paper["draft_id"], "--json")

    assert outcome.code == 3
    assert outcome.objects[0]["document_id"] is None
    assert run_sohoa(waiting.home, "certify", "--ready", "--json").objects == []


def test_a_person_sees_the_place_of_each_open_field(waiting: Waiting, tmp_path: Path) -> None:
    paper = waiting.paper
    open_fields = {name: field["box"] for name, field in paper["fields"].items() if field["needs_review"]}

    run_sohoa(waiting.home, "review", "show", paper["draft_id"], "--pictures", tmp_path / "pictures")

    with pikepdf.open(waiting.scan) as pdf:
        width = max(int(image.Width) for image in pdf.pages[0].get_images().values())
    assert open_fields
    for name, box in open_fields.items():
        with Image.open(tmp_path / "pictures" / f"{paper['draft_id']}-{name}.png") as picture:
            colors = {color for _, color in picture.convert("RGB").getcolors(2**24) or ()}
            if box is not None:  # what was lost left and right of it is seen, and what was read is framed
                assert picture.width >= (min(box[2] + 0.2, 1) - max(box[0] - 0.2, 0)) * width
                assert (220, 0, 0) in colors
            assert min(picture.size) > 40


def test_a_person_corrects_a_field(samples: Path, sohoa: Run) -> None:
    sohoa("init")
    (paper,) = sohoa("digitize", next(samples.glob("*/02-xac-nhan*.pdf")), "--json").objects

    wrong = sohoa("review", "set", paper["draft_id"], "issue_date=hôm nay")
    right = sohoa("review", "set", paper["draft_id"], "issue_date=02/09/2025", "--json")

    assert wrong.code == 3
    assert right.objects[0]["fields"]["issue_date"]["value"] == "2025-09-02"
    assert right.objects[0]["fields"]["issue_date"]["confirmed_by"] == "Người Kiểm Thử"


def test_a_signed_pdf_is_kept_byte_for_byte_and_its_signatures_are_told(road: Road, sohoa: Run, home: Path) -> None:
    file = Path(road.certified[1]["file"])  # of one page
    (paper,) = sohoa("digitize", file, "--json").objects

    stored = [path.read_bytes() for path in (home / "store" / "sources").rglob("*") if path.is_file()]
    assert file.read_bytes() in stored
    assert [each["field"] for each in paper["signatures"] if not each["timestamp"]] == ["Certifier", "Agency"]


def make_bad_files(folder: Path) -> dict[str, Path]:
    """Return files that no paper can be read from, by what is wrong with them."""
    folder.mkdir()
    picture = Image.new("L", (600, 800), 255)
    files = {name: folder / f"{name}.pdf" for name in ("empty", "cut", "locked", "no_pages", "renamed")}
    files |= {"wide": folder / "wide.png", "text": folder / "text.txt", "tiny": folder / "tiny.png"}
    files["empty"].write_bytes(b"")
    picture.save(files["cut"], "PDF")
    files["cut"].write_bytes(files["cut"].read_bytes()[:900])
    with pikepdf.new() as pdf:
        pdf.save(files["no_pages"])
        pdf.add_blank_page()
        pdf.save(files["locked"], encryption=pikepdf.Encryption(owner="a", user="b"))
    picture.save(files["renamed"], "PNG")
    Image.new("1", (10_000, 400)).save(files["wide"])
    Image.new("1", (1, 1)).save(files["tiny"])
    files["text"].write_text("không phải giấy tờ", "utf-8")
    return files


def test_bad_files_get_a_clear_line_each_and_the_others_go_on(samples: Path, tmp_path: Path, sohoa: Run) -> None:
    files = make_bad_files(tmp_path / "bad")
    good = next(samples.glob("*/02-xac-nhan*.pdf"))

    outcome = sohoa("digitize", *files.values(), good, "--json")

    assert outcome.code == NO
    *failed, done = outcome.objects
    assert [paper["status"] for paper in failed] == ["failed"] * len(files)
    assert len({paper["error"] for paper in failed}) == len(files)
    assert done["status"] in ("ready", "needs_review")


@pytest.mark.parametrize("name", ["empty", "cut", "locked", "no_pages", "renamed", "wide", "text", "tiny"])
def test_a_bad_file_alone_has_the_exit_code_of_bad_input(name: str, tmp_path: Path, sohoa: Run) -> None:
    outcome = sohoa("digitize", make_bad_files(tmp_path / "bad")[name])

    assert outcome.code == 3
    assert "Traceback" not in outcome.err
    assert outcome.err.count("Lỗi:") == 1


def test_without_tesseract_the_user_is_told_what_to_install(samples: Path, sohoa: Run, tmp_path: Path) -> None:
    outcome = sohoa("digitize", next(samples.glob("*/02-giay-khai-sinh.jpg")), "--jobs", "1", PATH=str(tmp_path))

    assert outcome.code == 5
    assert "tesseract" in outcome.err


def test_a_wrong_setting_is_named(home: Path, sohoa: Run) -> None:
    home.mkdir()
    (home / "sohoa.toml").write_text("[site]\nhostt = 'x'\n", "utf-8")

    outcome = sohoa("init")

    assert outcome.code == 4
    assert "site.hostt" in outcome.err


def test_without_a_data_directory_the_user_is_told_to_make_one(sohoa: Run, home: Path) -> None:
    outcome = sohoa("warehouse", "list", "--all")

    assert outcome.code == 4
    assert "sohoa init" in outcome.err
    assert not home.exists()


@pytest.mark.parametrize("arguments", [("nothing",), ("verify",), ("digitize",), ("certify",), ("warehouse", "list")])
def test_wrong_use_has_exit_code_two(arguments: tuple[str, ...], sohoa: Run) -> None:
    assert sohoa(*arguments).code == USAGE


def test_the_readme_lists_the_exit_codes() -> None:
    rows = [line.split("|") for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    listed = {int(row[1]) for row in rows if row[1].strip().isdigit()}

    assert listed == {DONE, NO, USAGE, BUG, INTERRUPTED, *(code for _, code in EXIT_CODES)}
