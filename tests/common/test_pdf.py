"""The only door to WeasyPrint (security T18): our HTML in, PDF out, nothing fetched, nothing run."""

import gc
import http.server
import io
import threading
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pytest

from common import pdf

HOSTILE = """<!doctype html><html><head>
<link rel="stylesheet" href="{url}a.css"><link rel="attachment" href="file:///etc/passwd">
<style>@import "{url}b.css"; @font-face {{ font-family: x; src: url({url}c.woff2) }}
body {{ background: url(file:///etc/hostname); font-family: x }}</style></head>
<body><img src="{url}d.png"><img src="file:///etc/passwd"><object data="{url}e.svg"></object>
<svg><image href="{url}f.png"/><use href="file:///etc/passwd#x"/></svg>
<a rel="attachment" href="file:///etc/passwd">adjunto</a><script>alert(1)</script>
<p>Ana &lt;img src=x&gt;</p></body></html>"""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server that notes whoever asks it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments: object) -> None:
            pass

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}/", asked
    listener.shutdown()
    thread.join()
    listener.server_close()


def text_of(data: bytes) -> str:
    return str(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded())


def test_render_pdf_on_carta_with_embedded_fonts() -> None:
    data = pdf.render_pdf("<p>Ángel Núñez</p>", stylesheets=("slips.css",))

    page = pypdfium2.PdfDocument(data)[0]
    with pikepdf.open(io.BytesIO(data)) as document:
        fonts = document.pages[0].Resources.Font
        names = {str(font.BaseFont) for font in fonts.values()}
    assert page.get_size() == (612.0, 792.0)
    assert text_of(data).strip() == "Ángel Núñez"
    assert names
    assert all("Noto-Sans" in name for name in names)


def test_render_pdf_fetches_nothing(server) -> None:
    url, asked = server

    data = pdf.render_pdf(HOSTILE.format(url=url), stylesheets=("slips.css",))

    with pikepdf.open(io.BytesIO(data)) as document:
        attachments = list(document.attachments)
    assert asked == []
    assert attachments == []
    assert "root:" not in text_of(data)
    assert "Ana <img src=x>" in text_of(data)


@pytest.mark.parametrize(
    "url",
    [
        "https://bundled.invalid/static/css/print/slips.css",
        "https://bundled.invalid/static/fonts/../../manage.py",
        "https://bundled.invalid/static/fonts/x.woff2?y",
        "http://bundled.invalid/static/fonts/noto-sans-400.woff2",
        "file:///etc/passwd",
        "data:text/plain,hola",
    ],
)
def test_fetcher_refuses(url: str) -> None:
    with pytest.raises(pdf.FetchRefused):
        pdf._fetcher().fetch(url)


def test_render_pdf_parses_a_stylesheet_once() -> None:
    pdf.render_pdf("<p>uno</p>", stylesheets=("slips.css",))
    before = pdf._stylesheet.cache_info().misses

    pdf.render_pdf("<p>dos</p>", stylesheets=("slips.css",))

    assert pdf._stylesheet.cache_info().misses == before


def test_forget_leaves_no_font_behind(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pdf._forget()
    pdf.render_pdf("<p>uno</p>", stylesheets=("slips.css",))
    kept = len(list(tmp_path.iterdir()))

    pdf._forget()
    gc.collect()

    assert (kept, list(tmp_path.iterdir())) == (1, [])
