"""The public site over real certified papers, also in a real browser at phone width."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from conftest import Road
from playwright.sync_api import Page, sync_playwright
from starlette.testclient import TestClient

from pipeline.services import open_services
from portal.app import create_app

pytestmark = pytest.mark.tools

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def site(road: Road) -> Iterator[TestClient]:
    with open_services(home=road.home) as services, TestClient(create_app(services)) as client:
        yield client


def test_the_page_says_what_who_when_and_whether_it_holds(site: TestClient, road: Road) -> None:
    page = site.get(f"/v/{road.certified[0]['document_id']}")

    assert page.status_code == 200
    for said in ("CÓ TRONG SỔ, CÒN HIỆU LỰC", "Quyết định", road.certified[0]["register_number"], "BẢN TRÌNH DIỄN"):
        assert said in page.text


def test_the_page_speaks_english(site: TestClient, road: Road) -> None:
    page = site.get(f"/v/{road.certified[0]['document_id']}?lang=en")

    assert "ON RECORD AND IN FORCE" in page.text
    assert 'lang="en"' in page.text


def test_the_holder_is_masked_and_the_number_of_the_owner_is_nowhere(site: TestClient, road: Road) -> None:
    page = site.get(f"/v/{road.certified[1]['document_id']}")
    api = site.get(f"/api/v1/verify/{road.certified[1]['document_id']}")

    for text in (page.text, api.text):
        assert "070167999893" not in text
        assert "HUỲNH THỊ TRANG" not in text.upper()
        assert "T* T*" in text


def test_a_person_in_the_subject_of_a_decision_is_masked(site: TestClient, road: Road) -> None:
    page = site.get(f"/v/{road.certified[0]['document_id']}")

    assert "Về việc trợ cấp xã hội hàng tháng đối với bà" in page.text
    assert "Lý Phương Ngân" not in page.text


def test_the_file_is_compared_and_not_kept(site: TestClient, road: Road) -> None:
    data = road.file.read_bytes()
    changed = data.replace(b"%PDF-1.7", b"%PDF-1.6", 1)

    same = site.post("/compare", files={"file": ("a.pdf", data)})
    other = site.post("/compare", files={"file": ("a.pdf", changed)})

    assert "TỆP THẬT, CÒN NGUYÊN" in same.text
    assert "ĐÃ BỊ SỬA" in other.text


def test_an_unknown_code_is_an_answer_and_a_wrong_one_is_told(site: TestClient) -> None:
    unknown = site.get("/v/0000000000000000")
    wrong = site.get("/v/nonsense")

    assert "KHÔNG CÓ TRONG SỔ" in unknown.text
    assert wrong.status_code == 404
    assert "16 chữ số" in wrong.text


def test_a_typed_code_leads_to_its_page(site: TestClient, road: Road) -> None:
    typed = road.certified[0]["document_id"].upper().replace("0", "O")

    page = site.post("/check", data={"code": typed})

    assert "CÓ TRONG SỔ" in page.text


def test_names_of_others_never_become_markup(site: TestClient) -> None:
    page = site.post("/check", data={"code": "<script>alert(1)</script>"})

    assert "<script>alert" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_status_list_and_keys_are_for_anyone(site: TestClient) -> None:
    assert site.get("/status-list").headers["content-type"] == "application/cose"
    assert site.get("/keys.json").json()["keys"][0]["uses"] == ["seal", "status_list"]
    assert site.get("/healthz").text == "ok\n"


@contextmanager
def running(road: Road) -> Iterator[str]:
    with open_services(home=road.home) as services:
        server = uvicorn.Server(uvicorn.Config(create_app(services), host="127.0.0.1", port=0, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def phone(road: Road) -> Iterator[tuple[Page, str]]:
    with running(road) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 360, "height": 740}, locale="vi-VN")
        yield page, address
        browser.close()


def test_the_phone_itself_checks_the_seal(phone: tuple[Page, str], road: Road) -> None:
    page, address = phone
    path = road.certified[0]["url"].partition("/v/")[2]

    page.goto(f"{address}/v/{path}")
    page.locator("#seal.good").wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_seal_of_another_paper_or_a_changed_one_is_refused_by_the_phone(phone: tuple[Page, str], road: Road) -> None:
    page, address = phone
    first, second = (paper["url"].partition("/v/")[2] for paper in road.certified)
    changed = first[:-30] + ("A" if first[-30] != "A" else "B") + first[-29:]

    for path in (f"{first.partition('#')[0]}#{second.partition('#')[2]}", changed):
        page.goto("about:blank")
        page.goto(f"{address}/v/{path}")
        page.locator("#seal.bad").wait_for()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v/..%2f..%2fetc%2fpasswd", 404),
        ("GET", "/static/..%2f..%2fapp.py", 404),
        ("GET", "/v/%00", 404),
        ("GET", "/v/" + "0" * 5000, 404),
        ("POST", "/v/0000000000000000", 405),
        ("POST", "/compare", 400),
        ("GET", "/api/v1/verify/nonsense", 404),
        ("GET", "/api/v1/nothing", 404),
    ],
)
def test_whatever_is_asked_the_answer_is_in_words_and_guarded(
    site: TestClient, method: str, path: str, status: int, language: str
) -> None:
    page = site.request(method, path, params={"lang": language})

    assert page.status_code == status
    assert "detail" not in page.text
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    assert ("Tiếng Việt" in page.text) == (language == "en") or path.startswith("/api/")


def test_a_fault_of_the_program_is_told_without_its_inside(road: Road) -> None:
    with open_services(home=road.home) as services:
        app = create_app(services)

        @app.get("/broken")
        def broken() -> None:
            raise RuntimeError("Nguyễn Văn A")

        page = TestClient(app, raise_server_exceptions=False).get("/broken")

    assert page.status_code == 500
    assert "Nguyễn" not in page.text
    assert "default-src" in page.headers["content-security-policy"]


def test_a_form_address_opened_without_the_form_leads_home(site: TestClient) -> None:
    for path in ("/check", "/compare"):
        assert "<form" in site.get(f"{path}?lang=en").text


def test_head_says_what_get_says_without_its_body(site: TestClient, road: Road) -> None:
    for path in ("/", f"/v/{road.certified[0]['document_id']}", "/healthz", "/keys.json"):
        head, got = site.head(path), site.get(path)

        assert (head.status_code, head.text) == (200, "")
        assert head.headers["content-type"] == got.headers["content-type"]


def test_an_upload_that_is_too_large_is_not_taken_in(site: TestClient) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        while sent < 80:
            sent += 1
            yield b"0" * 2**20

    announced = {"content-type": "multipart/form-data; boundary=b", "content-length": str(10**12)}
    chunked = {"content-type": "multipart/form-data; boundary=b"}

    assert site.post("/compare", content=b"", headers=announced).status_code == 413
    assert site.post("/compare", content=endless(), headers=chunked).status_code == 413


def test_a_typed_link_is_judged_with_its_host_and_seal(site: TestClient, road: Road) -> None:
    document_id, seal = road.certified[0]["document_id"], road.certified[0]["url"].partition("#")[2]

    fraud = site.post("/check", data={"code": f"https://evil.example/v/{document_id}"})
    of_another = site.post("/check", data={"code": f"{road.certified[1]['url'].partition('#')[0]}#{seal}"})
    bare = site.post("/check", data={"code": seal})

    assert "evil.example" in fraud.text
    assert "CÓ TRONG SỔ, CÒN" not in fraud.text + of_another.text
    assert "CÓ TRONG SỔ, CÒN" in bare.text


def test_the_language_is_switched_on_the_same_page(site: TestClient, road: Road) -> None:
    document_id = road.certified[0]["document_id"]

    assert f'href="/v/{document_id}?lang=en"' in site.get(f"/v/{document_id}").text
    assert 'class="language" href="/?lang=en"' in site.get("/nowhere").text
