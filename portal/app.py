"""The public site: what a paper is, who certified it, whether it holds; and a file to compare."""

from functools import cache
from pathlib import Path

from fastapi import FastAPI, Form, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException

from domain.errors import DocumentError, InputError, UnsupportedDocument
from domain.identifiers import is_document_id
from pipeline.desk import published_keys_json
from pipeline.present import public_object
from pipeline.public import PublicAnswer, public_answer
from pipeline.report_file import code_subject, file_subject, open_report_fonts, report_pdf
from pipeline.services import Services
from pipeline.status import fresh_status
from pipeline.verify import parse_code, verify_code, verify_file, verify_text
from portal.guard import HEADERS, MAXIMUM_UPLOAD, Guard

_HERE = Path(__file__).parent
_LANGUAGES = ("vi", "en")


def create_app(services: Services) -> FastAPI:
    """Return the site over open services."""
    app = FastAPI(title="sohoa", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    templates = Jinja2Templates(_HERE / "templates")
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    say = services.messages.text
    fonts = cache(open_report_fonts)

    app.add_middleware(Guard)

    def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
        language = _language(request)
        context = {"language": language, "say": lambda code, **v: say(code, language, v), **values}
        return templates.TemplateResponse(request, template, context, status_code=status)

    def refused(request: Request, code: str, status: int) -> Response:
        problem = say(code, _language(request), {"size": str(MAXIMUM_UPLOAD // 2**20)})
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": problem}, status_code=status)
        return page(request, "home.html", status, problem=problem)

    def uploaded(request: Request, file: UploadFile) -> bytes | Response:
        data = file.file.read(MAXIMUM_UPLOAD + 1)
        if data and len(data) <= MAXIMUM_UPLOAD:
            return data
        return refused(request, "error_too_large", 413) if data else refused(request, "error_no_file", 400)

    def answered(request: Request, answer: PublicAnswer) -> HTMLResponse:
        return page(request, "answer.html", answer=answer)

    @app.exception_handler(DocumentError)
    async def fault(request: Request, error: DocumentError) -> Response:
        code = "error_not_found" if isinstance(error, UnsupportedDocument) else "error_service"
        return refused(request, code, 404 if isinstance(error, InputError) else 503)

    @app.exception_handler(HTTPException)
    async def wrong(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405 and request.method == "GET":  # a form's address, opened or reloaded without it
            return RedirectResponse(f"/?lang={_language(request)}", status_code=303)
        code = {404: "error_no_page", 413: "error_too_large"}.get(error.status_code, "error_no_file")
        return refused(request, code, error.status_code)

    @app.exception_handler(RequestValidationError)
    async def incomplete(request: Request, _: RequestValidationError) -> Response:
        return refused(request, "error_no_file", 400)

    @app.exception_handler(Exception)
    async def bug(request: Request, _: Exception) -> Response:
        answer = refused(request, "error_service", 500)
        answer.headers.update(HEADERS)  # it is sent from outside the guard
        return answer

    @app.get("/", response_class=HTMLResponse)
    def home(request: Request) -> Response:
        return page(request, "home.html")

    @app.post("/check", response_class=HTMLResponse)
    def check(request: Request, code: str = Form("")) -> Response:
        scanned = parse_code(code)
        if scanned.host or scanned.seal:  # what surrounds the identifier may be a fraud, so it is judged too
            answer = verify_code(scanned, services)
            return answered(request, public_answer(answer, services, language=_language(request)))
        return RedirectResponse(f"/v/{scanned.document_id}?lang={_language(request)}", status_code=303)

    @app.get("/v/{document_id}", response_class=HTMLResponse)
    def show(request: Request, document_id: str) -> Response:
        answer = verify_text(document_id, services)
        return answered(request, public_answer(answer, services, language=_language(request)))

    @app.post("/compare", response_class=HTMLResponse)
    def compare(request: Request, file: UploadFile) -> Response:
        data = uploaded(request, file)
        if isinstance(data, Response):
            return data
        answer = verify_file(data, services)
        return answered(request, public_answer(answer, services, language=_language(request), compared=True))

    @app.get("/v/{document_id}/report.pdf")
    def report(document_id: str) -> Response:
        answer = verify_text(document_id, services)
        return _report(report_pdf(answer, code_subject(document_id), services, fonts=fonts()), answer.document_id)

    @app.post("/compare/report.pdf")
    def compared_report(request: Request, file: UploadFile) -> Response:
        data = uploaded(request, file)
        if isinstance(data, Response):
            return data
        answer = verify_file(data, services)
        subject = file_subject((file.filename or "?")[:200], data)
        return _report(report_pdf(answer, subject, services, fonts=fonts()), answer.document_id)

    @app.get("/api/v1/verify/{document_id}")
    def api_verify(request: Request, document_id: str) -> Response:
        answer = verify_text(document_id, services)
        return JSONResponse(public_object(public_answer(answer, services, language=_language(request))))

    @app.get("/status-list")
    def status_list() -> Response:
        listed = fresh_status(services)
        headers = {"Content-Disposition": f'attachment; filename="status-{listed.number}.cose"'}
        return Response(listed.content, media_type="application/cose", headers=headers)

    @app.get("/keys.json")
    def keys() -> Response:
        return Response(published_keys_json(services.home), media_type="application/json")

    @app.get("/healthz", response_class=PlainTextResponse)
    def health() -> str:
        with services.database.reading():
            return "ok\n"

    return app


def _report(pdf: bytes, document_id: str) -> Response:
    name = f"phieu-kiem-tra-{document_id if is_document_id(document_id) else 'tep'}.pdf"
    return Response(
        pdf, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _language(request: Request) -> str:
    chosen = request.query_params.get("lang", "")
    if chosen in _LANGUAGES:
        return chosen
    accepted = request.headers.get("accept-language", "").lower()
    return "en" if accepted.startswith("en") else "vi"
