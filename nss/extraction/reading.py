"""Read one acuse: QR, then text layer, then OCR; what they agree on, and None for the rest.

`read_file` is the job of the child process. It also leaves the safe picture of every page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from rapidfuzz.distance import Levenshtein

from common.images import DERIVATIVE_SIDE, Quality, open_picture, quality
from common.uploads.documents import check, draw_page, open_pdf, page_of, save_derivative
from common.uploads.kinds import Kind
from common.uploads.refusals import Refused
from nss.extraction import ocr, text
from nss.extraction.fields import (
    Seen,
    curps_seen,
    dates_seen,
    name_fits_curp,
    name_in_sentence,
    names_seen,
)
from nss.extraction.numbers import NumberSeen, owned_numbers
from nss.extraction.other_documents import other_document
from nss.extraction.photo import MISREAD_DIGITS, Budget, find_qr, see
from nss.extraction.qr import QRFields
from nss.extraction.result import (
    AcuseReading,
    Code,
    FieldRead,
    Outcome,
    is_sure,
    number_at,
    place_of,
    read_at,
)
from nss.extraction.words import PageWords
from students.identity import parse_curp

OCR_DPI = 250
OCR_SIDE = 2600
TEXT_LETTERS = 30
SURE_NAME = 0.7

ocr.warm_up()


@dataclass
class Evidence:
    """Everything seen in the file, page by page, before anything is decided."""

    pages: int = 0
    qr: list[tuple[int, QRFields, tuple[float, float, float, float]]] = field(default_factory=list)
    numbers: list[NumberSeen] = field(default_factory=list)
    doubtful: list[NumberSeen] = field(default_factory=list)
    curps: list[Seen] = field(default_factory=list)
    curp_texts: list[str] = field(default_factory=list)
    names: list[Seen] = field(default_factory=list)
    dates: list[Seen] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    layers: list[PageWords] = field(default_factory=list)
    quality: Quality | None = None
    photos: dict[int, Quality] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)

    @property
    def has_nss(self) -> bool:
        """True when a QR or a label owns a number with a valid digit."""
        return any(fields.nss for _, fields, _ in self.qr) or any(
            seen.has_valid_digit for seen in self.numbers
        )


def read_file(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Read one file, a job of the runner; raises Refused when the file breaks a rule."""
    kind = Kind(arguments["kind"])
    pages = check(inputs[0], kind)
    evidence = Evidence(pages=pages)
    if kind is Kind.PDF:
        _read_pdf(inputs[0], evidence, output)
    else:
        image = open_picture(inputs[0])
        evidence.quality = quality(image)
        save_derivative(_read_photo(image, 1, evidence), 1, output)
    return {"pages": pages, "reading": conclude(evidence).as_json()}


def read_photos(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Read several photos of one sheet as its pages, a job of the runner: what one shows badly another may show well.

    `arguments["numbers"]` are the numbers of the photos. A photo that breaks a rule is named in `refused` with its
    code and left out; raises Refused when all do.
    """
    evidence, refused = Evidence(), {}
    for path, number in zip(inputs, arguments["numbers"], strict=True):
        try:
            image = open_picture(path)
        except Refused as found:
            refused[str(number)] = found.code.value
            if len(refused) == len(inputs):
                raise
            continue
        evidence.pages += 1
        evidence.photos[number] = quality(image)
        evidence.budget = Budget()
        save_derivative(_read_photo(image, number, evidence), number, output)
    evidence.quality = min(evidence.photos.values(), key=lambda measured: len(measured.troubles))
    evidence.doubtful = _without_misread(evidence)
    return {"pages": evidence.pages, "reading": conclude(evidence).as_json(), "refused": refused}


def _without_misread(evidence: Evidence) -> list[NumberSeen]:
    """Drop what a worse photo shows of the number that a better one proved; a really different number stays."""
    proved = {seen.digits: seen.page.number for seen in evidence.numbers if seen.has_valid_digit}
    proved |= {fields.nss: page for page, fields, _ in evidence.qr if fields.nss}
    if len(proved) != 1:
        return evidence.doubtful
    ((digits, photo),) = proved.items()
    return [
        seen
        for seen in evidence.doubtful
        if seen.page.number == photo or Levenshtein.distance(digits, seen.digits) > MISREAD_DIGITS
    ]


def _read_pdf(path: Path, evidence: Evidence, output: Path) -> None:
    with open_pdf(path) as pdf:
        pending = []
        for number in range(1, len(pdf) + 1):
            page = page_of(pdf, number)
            image = draw_page(page, DERIVATIVE_SIDE, OCR_DPI)
            words = text.page_words(page, number)
            _take_words(words, evidence)
            evidence.layers.append(words)
            evidence.numbers += owned_numbers(words)
            evidence.curps += curps_seen(words)[0]
            _take_qr(image, number, evidence)
            if sum(char.isalpha() for char in words.text) < TEXT_LETTERS:
                pending.append(number)
            save_derivative(image, number, output)
        if not evidence.has_nss and not evidence.numbers:
            pending = pending or list(range(1, len(pdf) + 1))
            _read_pictures(pdf, pending, evidence, output)


def _read_pictures(pdf: Any, numbers: list[int], evidence: Evidence, output: Path) -> None:
    """Read pages without a text layer as pictures, the first one's quality standing for all."""
    for number in numbers:
        if not evidence.budget.is_left() or evidence.has_nss:
            return
        image = draw_page(page_of(pdf, number), OCR_SIDE, OCR_DPI)
        evidence.quality = evidence.quality or quality(image)
        save_derivative(_read_photo(image, number, evidence), number, output)


def _read_photo(image: Image.Image, number: int, evidence: Evidence) -> Image.Image:
    """Take in what one picture shows and return it upright."""
    seen = see(image, number, evidence.budget)
    if seen.qr:
        evidence.qr.append((number, seen.qr, _fraction(seen.qr, seen.image)))
    for attempt in seen.attempts:
        _take_words(attempt, evidence)
    evidence.numbers += [seen.nss] if seen.nss else []
    evidence.doubtful += seen.rejected
    evidence.curps += [seen.curp] if seen.curp else []
    return seen.image


def _take_words(words: PageWords, evidence: Evidence) -> None:
    evidence.texts.append(words.text)
    evidence.curp_texts += curps_seen(words)[1]
    names = names_seen(words)
    evidence.names += [names] if names and is_sure(names) else []
    evidence.dates += [seen for seen in dates_seen(words) if is_sure(seen)]


def _take_qr(image: Image.Image, number: int, evidence: Evidence) -> None:
    fields, _ = find_qr(image)
    if fields:
        evidence.qr.append((number, fields, _fraction(fields, image)))


def _fraction(fields: QRFields, image: Image.Image) -> tuple[float, float, float, float]:
    page = PageWords(1, image.width, image.height, (), "qr")
    return page.fraction(fields.box)


def conclude(evidence: Evidence) -> AcuseReading:
    """Decide each field from all that was seen; two values that differ make it None."""
    nss, code = _nss(evidence)
    curp = _curp(evidence)
    looks_like = other_document("\n".join(evidence.texts))
    if looks_like:
        nss, code = _place_only(nss), Code.OTHER_DOCUMENT
    elif nss is None and evidence.quality and evidence.quality.is_blank:
        code = Code.BLANK
    has_value = nss is not None and nss.value is not None
    curp_value = curp.value if curp else None
    names = _names(evidence, curp_value)
    return AcuseReading(
        outcome=Outcome.READ if has_value else Outcome.UNREADABLE,
        code="" if has_value else code,
        nss=nss,
        curp=curp,
        names=names,
        issued_date=_only_value([read_at(seen) for seen in evidence.dates]),
        curps_seen=tuple(dict.fromkeys(evidence.curp_texts)),
        checks=_checks(evidence, nss, curp_value, names, looks_like),
    )


def _nss(evidence: Evidence) -> tuple[FieldRead | None, str]:
    by_qr = [
        FieldRead(fields.nss, "qr", page, box) for page, fields, box in evidence.qr if fields.nss
    ]
    printed = [number_at(seen) for seen in evidence.numbers if seen.has_valid_digit]
    doubtful = {seen.digits for seen in evidence.doubtful if seen.has_valid_digit}
    values = {found.value for found in by_qr + printed} | doubtful
    if len(values) > 1:
        return _place_only(next(iter(printed + by_qr), None)), Code.NSS_TWO_VALUES
    if by_qr:
        # Its value is exact by the code's own error correction; its place is the printed number's.
        page, box = (printed[0].page, printed[0].box) if printed else (by_qr[0].page, by_qr[0].box)
        return FieldRead(by_qr[0].value, "qr", page, box), ""
    if printed:
        return printed[0], ""
    if doubtful:
        return _doubtful_place(evidence), Code.NSS_UNSURE
    if evidence.numbers or evidence.doubtful:
        return _doubtful_place(evidence), Code.NSS_WRONG_DIGIT
    return None, Code.NSS_NOT_FOUND


def _doubtful_place(evidence: Evidence) -> FieldRead:
    seen = (evidence.doubtful + evidence.numbers)[0]
    return place_of(None, seen.page, seen.segment)


def _place_only(found: FieldRead | None) -> FieldRead | None:
    return FieldRead(None, found.source, found.page, found.box) if found else None


def _curp(evidence: Evidence) -> FieldRead | None:
    by_qr = [
        FieldRead(fields.curp, "qr", page, box) for page, fields, box in evidence.qr if fields.curp
    ]
    printed = [read_at(seen) for seen in evidence.curps if _fits_names(seen, evidence.names)]
    found = _only_value(by_qr + printed)
    if found and by_qr and printed:
        return FieldRead(found.value, "qr", printed[0].page, printed[0].box)
    return found


def _fits_names(curp: Seen, names: list[Seen]) -> bool:
    """Return whether a CURP that OCR read has the initials of a name that was read, if one was."""
    if curp.page.source == "text" or not names:
        return True
    return any(name_fits_curp(name.value, curp.value) for name in names)


def _names(evidence: Evidence, curp: str | None) -> FieldRead | None:
    """Return the names; what OCR read must fit the CURP, or be read surely where there is none."""
    for page, fields, box in evidence.qr:
        if fields.names:
            return FieldRead(fields.names.upper(), "qr", page, box)
    for seen in evidence.names:
        if seen.page.source == "text":
            return read_at(seen)
        if name_fits_curp(seen.value, curp) if curp else seen.segment.confidence >= SURE_NAME:
            return read_at(seen)
    in_sentences = [name_in_sentence(page, curp) for page in evidence.layers] if curp else []
    return _only_value([read_at(seen) for seen in in_sentences if seen])


def _only_value(found: list[FieldRead]) -> FieldRead | None:
    return found[0] if len({field.value for field in found}) == 1 else None


def _checks(
    evidence: Evidence,
    nss: FieldRead | None,
    curp: str | None,
    names: FieldRead | None,
    looks_like: str | None,
) -> dict[str, Any]:
    measured = evidence.quality
    number = nss.value if nss else None
    born = parse_curp(curp).birth_date.year if curp else None
    fits = name_fits_curp(names.value, curp) if names and names.value and curp else None
    return {
        "nss_digit": True if number else (False if evidence.doubtful or evidence.numbers else None),
        "nss_birth_year": number[4:6] == f"{born % 100:02}" if number and born else None,
        "names_fit_curp": fits,
        "dark": measured.is_dark if measured else None,
        "blurred": measured.is_blurred if measured else None,
        "blank": measured.is_blank if measured else None,
        "small": measured.is_small if measured else None,
        "screenshot": measured.looks_like_screenshot if measured else None,
        "looks_like": looks_like,
        "pages": evidence.pages,
        **_photo_troubles(evidence.photos),
    }


def _photo_troubles(photos: dict[int, Quality]) -> dict[str, Any]:
    """What is the matter with each of several photos, by its number; nothing is said of one alone."""
    found = {str(number): measured.troubles for number, measured in photos.items()}
    return {"photos": found} if found else {}
