"""The public site: what a paper is, who certified it, whether it holds; and a file to compare."""

from pathlib import Path

from fastapi import FastAPI, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import DocumentError, InputError, UnsupportedDocument
from domain.identifiers import is_document_id
from pipeline.desk import published_keys_json
from pipeline.present import public_object
from pipeline.public import PublicAnswer, public_answer
from pipeline.report_file import code_subject, file_subject, report_pdf
from pipeline.services import Services
from pipeline.status import fresh_status
from pipeline.verify import parse_code, verify_file, verify_text

_HERE = Path(__file__).parent
_LANGUAGES = ("vi", "en")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_MAXIMUM_UPLOAD = 50 * 2**20


class Guard:
    """Adds the headers that keep a page to itself to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)


def create_app(services: Services) -> FastAPI:
    """Return the site over open services."""
    app = FastAPI(title="sohoa", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    templates = Jinja2Templates(_HERE / "templates")
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    say = services.messages.text

    app.add_middleware(Guard)

    def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
        language = _language(request)
        context = {"language": language, "say": lambda code, **v: say(code, language, v), **values}
        return templates.TemplateResponse(request, template, context, status_code=status)

    def uploaded(request: Request, file: UploadFile) -> bytes | Response:
        data = file.file.read(_MAXIMUM_UPLOAD + 1)
        if data and len(data) <= _MAXIMUM_UPLOAD:
            return data
        code = "error_too_large" if data else "error_no_file"
        problem = say(code, _language(request), {"size": str(_MAXIMUM_UPLOAD // 2**20)})
        return page(request, "home.html", 413 if data else 400, problem=problem)

    def answered(request: Request, answer: PublicAnswer) -> HTMLResponse:
        return page(request, "answer.html", answer=answer)

    @app.exception_handler(DocumentError)
    async def fault(request: Request, error: DocumentError) -> Response:
        code = "error_not_found" if isinstance(error, UnsupportedDocument) else "error_service"
        status = 404 if isinstance(error, InputError) else 503
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": say(code, _language(request))}, status_code=status)
        return page(request, "home.html", status, problem=say(code, _language(request)))

    @app.get("/", response_class=HTMLResponse)
    def home(request: Request) -> Response:
        return page(request, "home.html")

    @app.post("/check")
    def check(request: Request, code: str = Form("")) -> Response:
        scanned = parse_code(code)
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
        return _report(report_pdf(answer, code_subject(document_id), services), answer.document_id)

    @app.post("/compare/report.pdf")
    def compared_report(request: Request, file: UploadFile) -> Response:
        data = uploaded(request, file)
        if isinstance(data, Response):
            return data
        answer = verify_file(data, services)
        subject = file_subject((file.filename or "?")[:200], data)
        return _report(report_pdf(answer, subject, services), answer.document_id)

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
