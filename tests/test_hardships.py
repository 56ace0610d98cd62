"""The command among odd names, broken surroundings and wrong settings: one clear line, the right exit code."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Road, Run
from PIL import Image

import cli
from domain.wording import harmless
from terminal.screen import DONE, INTERRUPTED, NO, USAGE

pytestmark = pytest.mark.tools


@pytest.fixture
def paper(samples: Path) -> Path:
    """A paper that is read without recognition."""
    return next(samples.glob("*/02-xac-nhan*.pdf"))


def test_a_name_that_is_no_text_neither_stops_the_batch_nor_steers_the_terminal(
    paper: Path, tmp_path: Path, sohoa: Run
) -> None:
    folder = tmp_path / "HỒ SƠ 1"
    folder.mkdir()
    for number, name in enumerate((b"x\xff\xfe.pdf", b"a\nb.pdf", b"-rf.pdf", b'it\'s "red" \x1b[31m.pdf')):
        (folder / os.fsdecode(name)).write_bytes(paper.read_bytes() + b"%%" + bytes([65 + number]) + b"\n")

    outcome = sohoa("digitize", folder, "--jobs", "1")
    listed = sohoa("review", "list", "--all")

    assert outcome.code == 0, outcome.err
    assert len(outcome.out.splitlines()) == 4 + 1  # one name has two lines
    assert len(listed.out.splitlines()) == 1 + 4
    assert "\x1b" not in outcome.out + outcome.err + listed.out


def test_pipes_devices_dead_links_and_loops_are_told_and_never_waited_for(
    paper: Path, tmp_path: Path, sohoa: Run
) -> None:
    folder = tmp_path / "HS"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "dead.pdf").symlink_to(folder / "nothing.pdf")
    (folder / "good.pdf").symlink_to(paper)
    os.mkfifo(folder / "pipe.pdf")

    outcome = sohoa("digitize", folder, "/dev/zero", "--json")

    assert outcome.code == NO
    assert [Path(each["source"]).name for each in outcome.objects if each["error"]] == ["dead.pdf", "pipe.pdf", "zero"]
    assert len(outcome.objects) == 4


@pytest.mark.parametrize(
    "written", ["owner_id = \n", "owner_id = 70167999893\n", "wrong = 'x'\n", "owner_name = '\xff'\n"]
)
def test_a_wrong_dossier_file_refuses_its_folder_and_no_other(
    written: str, paper: Path, tmp_path: Path, sohoa: Run
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "paper.pdf").write_bytes(paper.read_bytes())
    (tmp_path / "a" / "dossier.toml").write_bytes(written.encode("latin-1"))

    outcome = sohoa("digitize", tmp_path / "a", tmp_path / "b", "--json")

    refused, read = outcome.objects
    assert refused["status"] == "failed"
    assert "dossier.toml" in refused["error"]
    assert "Invalid" not in refused["error"]
    assert read["draft_id"]


def test_a_folder_without_papers_is_said_to_be_one(tmp_path: Path, sohoa: Run) -> None:
    (tmp_path / "empty").mkdir()

    outcome = sohoa("digitize", tmp_path / "empty")

    assert outcome.code == 0
    assert "Không có giấy tờ nào" in outcome.err


def test_what_the_system_complains_of_is_said_in_vietnamese(tmp_path: Path, sohoa: Run) -> None:
    outcome = sohoa("recognize", tmp_path / "nothing.pdf")

    assert outcome.code == 3
    assert "không có tệp" in outcome.err


def test_text_from_outside_is_made_harmless() -> None:
    assert harmless("Hồ sơ\u00a01\u202e\x9b\n\udcff") == "Hồ sơ\u00a01????"
    assert harmless("a\nb\x00", keep="\n") == "a\nb?"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"x = \n", "dòng 1"),
        (b"[office]\ntime_zone = 'Asia/Nowhere'\n", "office.time_zone"),
        (b"[office]\ntime_zone = '../../etc/passwd'\n", "office.time_zone"),
        (b"[intake]\nmax_pages = 'many'\n", "phải là số nguyên"),
        (b"[intake]\nmax_pages = -1\n", "phải lớn hơn 0"),
        (b"[issue]\nform = 'x'\n", "chỉ được là"),
        (b"office = 1\n", "phải là một mục"),
        (b"[site]\nhostt = 'x'\n", "không có khóa này"),
    ],
)
def test_a_wrong_setting_is_explained_in_vietnamese(written: bytes, said: str, home: Path, sohoa: Run) -> None:
    home.mkdir()
    (home / "sohoa.toml").write_bytes(written)

    outcome = sohoa("init")

    assert outcome.code == 4
    assert said in outcome.err
    assert "nput should" not in outcome.err


def test_an_environment_that_is_wrong_is_a_wrong_configuration(sohoa: Run) -> None:
    assert sohoa("review", "list", SOHOA_OFFICE="abc").code == 4
    assert sohoa("review", "list", SOHOA_HOME="~nobody-of-this-name/x").code == 4


def test_a_bare_seal_is_a_code_and_no_name_of_a_file(road: Road) -> None:
    seal = road.certified[0]["url"].partition("#")[2]

    assert road.run("verify", seal).code == DONE
    assert road.run("verify", seal, "--offline").code == DONE


def test_what_is_no_file_is_never_read(road: Road, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(2**31)

    for name in (tmp_path, tmp_path / "pipe", "/dev/zero", tmp_path / "huge"):
        outcome = road.run("verify", name)
        assert outcome.code == 3
        assert outcome.err.count("Lỗi:") == 1


def test_a_log_level_that_is_none_is_a_wrong_configuration(road: Road) -> None:
    outcome = road.run("review", "list", SOHOA_LOG="loud")

    assert outcome.code == 4
    assert "SOHOA_LOG" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "Không có lệnh nothing"),
        (("revew",), "Không có lệnh revew (có phải 'review'"),
        (("verify", "--nothing"), "Không có tùy chọn --nothing"),
        (("recognize", "a", "b"), "Thừa tham số b"),
        (("recognize", "--jobs", "x", "a"), "--jobs phải là số nguyên"),
        (("recognize", "--jobs", "-1", "a"), "--jobs phải từ 0 trở lên"),
        (("verify", "--keys"), "--keys cần một giá trị"),
        (("certify", "--form", "x", "--ready"), "--form chỉ được là"),
        (("review", "discard", "x"), "Thiếu --reason"),
    ],
)
def test_wrong_use_is_explained_in_vietnamese(arguments: tuple[str, ...], said: str, sohoa: Run) -> None:
    outcome = sohoa(*arguments)

    assert outcome.code == USAGE
    assert said in outcome.err


@pytest.mark.parametrize("command", [(), ("review",), ("review", "set"), ("audit",), ("import",), ("certify",)])
def test_the_help_is_vietnamese_throughout(command: tuple[str, ...], sohoa: Run) -> None:
    outcome = sohoa(*command, "--help")

    assert outcome.code == DONE
    assert outcome.out.startswith("Cách dùng: ")
    assert not re.search(r"Usage|Arguments|Options|OPTIONS|Commands|COMMAND|default|required|Show|Install", outcome.out)


def test_output_that_nobody_takes_is_never_a_yes(road: Road) -> None:
    command = [
        sys.executable,
        "-c",
        "from cli import main; main()",
        "verify",
        road.certified[0]["document_id"],
        "--json",
    ]
    environment = {**os.environ, "SOHOA_HOME": str(road.home)}
    with Path("/dev/full").open("w") as full:
        no_room = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, check=False)
    reading, writing = os.pipe()
    os.close(reading)
    gone = subprocess.run(command, env=environment, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert no_room.returncode == 7
    assert "hết chỗ trống" in no_room.stderr.decode()
    assert gone.returncode == NO
    assert not gone.stderr


@pytest.mark.parametrize(
    "command", ["recognize", *(pytest.param(other, marks=pytest.mark.slow) for other in ("extract", "digitize"))]
)
def test_what_is_read_goes_through_a_pipe(command: str, paper: Path, tmp_path: Path) -> None:
    script = f"{sys.executable} -c 'from cli import main; main()' {command} {paper} | tail -n 2"
    environment = {**os.environ, "SOHOA_HOME": str(tmp_path / "home")}

    done = subprocess.run(["/bin/sh", "-c", script], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip()
    assert "Đang đọc" in done.stderr


def test_a_page_without_text_is_said_to_have_none(tmp_path: Path, sohoa: Run) -> None:
    Image.new("L", (600, 800), 255).save(tmp_path / "blank.png", dpi=(150, 150))

    outcome = sohoa("recognize", tmp_path / "blank.png")

    assert outcome.code == DONE
    assert not outcome.out.strip()
    assert "Trang 1 không có chữ" in outcome.err


def test_closed_streams_are_no_fault(road: Road) -> None:
    script = f"exec {sys.executable} -c 'from cli import main; main()' review list >&- 2>&-"
    environment = {**os.environ, "SOHOA_HOME": str(road.home)}

    assert subprocess.run(["/bin/sh", "-c", script], env=environment, check=False).returncode == DONE


def test_an_address_that_cannot_be_listened_at_is_a_wrong_configuration(road: Road) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = (
            ("--port", taken.getsockname()[1]),
            ("--port", 99999),
            ("--host", "203.0.113.9"),
            ("--host", "no.invalid"),
        )
        for arguments in ports:
            outcome = road.run("serve", *arguments)
            assert outcome.code == 4
            assert outcome.err.count("Lỗi:") == 1


def test_ctrl_c_is_answered_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli._run(lambda: INTERRUPTED)  # what the library makes of the signal

    assert code == INTERRUPTED
    assert "Đã dừng" in capsys.readouterr().err
