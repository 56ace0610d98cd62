import hashlib
import io

import pikepdf

from domain.models import ImageEncoding
from ocr.archive.compose import compose
from ocr.archive.digest import content_digest


def test_the_digest_is_recomputed_from_the_raw_streams_of_the_file(draw, describe, fonts):
    papers = [draw(number=1), draw(["Trang hai"], number=2), draw(["Trang ba"], number=3)]
    encodings = (ImageEncoding.JPEG, ImageEncoding.CCITT_G4, ImageEncoding.FLATE)
    images = [paper.image(encoding) for paper, encoding in zip(papers, encodings, strict=True)]
    copy = compose(images, [p.text for p in papers], copy=describe(), fonts=fonts)

    outer = hashlib.sha256(b"sohoa content digest 1\n")
    with pikepdf.open(io.BytesIO(copy.pdf)) as pdf:
        for page in pdf.pages:
            for image in page.get("/Resources").get("/XObject", {}).values():
                outer.update(hashlib.sha256(image.read_raw_bytes()).digest())

    assert content_digest(images) == outer.hexdigest()


def test_the_order_of_the_pages_counts(draw):
    one, two = draw(["Một"]).image(), draw(["Hai"]).image()

    assert content_digest([one, two]) != content_digest([two, one])
    assert content_digest([one]) != content_digest([one, one])
