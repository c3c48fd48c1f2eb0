"""One cell in, one clean value out, or the problem and its remedy in the words of the review."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from common.dates import MONTHS
from students.identity.curp import Curp, parse_curp, suggest_curp
from students.identity.errors import IdentityError
from students.identity.nss import nss_has_valid_digit, parse_nss

Cell = str | list[str]

NAME: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ſ][A-Za-zÀ-ÖØ-öø-ÿĀ-ſ'’´`. \-]*")
MATRICULA: Final = re.compile(r"[A-Z0-9][A-Z0-9/.\-]{1,19}")
EMAIL: Final = re.compile(
    r"[A-Za-z0-9_%+\-]+(?:\.[A-Za-z0-9_%+\-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
SCIENTIFIC: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
DECIMALS: Final = re.compile(r"^(\d+)[.,]0+$")
NO_DIGIT: Final = re.compile(r"\D")
DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
YEAR_FIRST: Final = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ].*)?")
EXCEL_DAY_0: Final = date(1899, 12, 30)
EXACT_DIGITS: Final = 15  # Excel keeps no more
DOMAINS: Final = {
    "gmail.com": "gmial.com gmai.com gmail.con gmail.co gmal.com gamil.com gmil.com gmail.cm gmail.com.mx"
    " gnail.com gmaill.com gmail.om",
    "hotmail.com": "hotmial.com hotmail.con hotmai.com hotmal.com hormail.com hotmail.co hotmil.com"
    " homail.com hotmail.cm",
    "outlook.com": "outlok.com outlook.con outloo.com oulook.com",
    "yahoo.com": "yaho.com yahoo.con yahooo.com yhoo.com",
    "icloud.com": "iclud.com icloud.con icoud.com",
}
DOMAIN_TYPOS: Final = {typo: domain for domain, typos in DOMAINS.items() for typo in typos.split()}
LEFT: Final = "LEFT"
LEAVING: Final = frozenset(
    "baja bajas temporal definitiva traslado trasladado trasladada desercion deserto x si bt bd".split()
)
ENROLLED: Final = frozenset(
    "activo activa inscrito inscrita reinscrito reinscrita regular irregular vigente alta normal repetidor"
    " repetidora becado becada nuevo nueva ingreso reingreso alumno alumna estudiante no".split()
)
KINDS_OF_BAJA: Final = {
    "TEMPORARY": ("temp", "bt"),
    "DEFINITIVE": ("defin", "bd"),
    "FINISHED": ("egres",),
}
SHIFTS: Final = {
    "m": "matutino",
    "mat": "matutino",
    "matutino": "matutino",
    "manana": "matutino",
    "v": "vespertino",
    "ves": "vespertino",
    "vesp": "vespertino",
    "vespertino": "vespertino",
    "tarde": "vespertino",
    "n": "nocturno",
    "noc": "nocturno",
    "nocturno": "nocturno",
    "mixto": "mixto",
    "d": "discontinuo",
    "discontinuo": "discontinuo",
    "sabatino": "sabatino",
    "jornada ampliada": "jornada ampliada",
    "tiempo completo": "tiempo completo",
}
ORDINALS: Final = (
    ("1", "primero", "primer", "primera", "i", "uno"),
    ("2", "segundo", "segunda", "ii", "dos"),
    ("3", "tercero", "tercer", "tercera", "iii", "tres"),
    ("4", "cuarto", "cuarta", "iv", "cuatro"),
    ("5", "quinto", "quinta", "v", "cinco"),
    ("6", "sexto", "sexta", "vi", "seis"),
)
SEMESTERS: Final = {word: words[0] for words in ORDINALS for word in words}
MONTH_NUMBERS: Final = {name: number for number, name in enumerate(MONTHS, start=1)}


class CellError(Exception):
    """A value that cannot be used: what happens, how it is put right, and a value to propose."""

    def __init__(self, problem: str, remedy: str, *, fix: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Repaired:
    """A value that was put right by itself, and what the person should know about it."""

    value: str
    problem: str
    remedy: str
    fix: str = ""


def text_of(cell: Cell) -> str:
    """Return a cell's text without double, hard or invisible spaces, composed (NFC).

    Raises CellError for a formula and for a cell covered by a merged one.
    """
    if isinstance(cell, str):
        if cell.isascii() and cell.isalnum():
            return cell
    else:
        kind, cell = cell
        if kind == "f":
            raise CellError(
                "La celda tiene una fórmula, no un dato",
                "Copiarla y pegarla como «Solo valores»; después subir la lista otra vez",
            )
        if kind == "m":
            raise CellError(
                "La celda está combinada con otra y no tiene dato propio",
                "Quitar «Combinar celdas» y escribir el dato en cada fila",
            )
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell.replace("\u00ad", ""))
        cell = "".join(char for char in cell if unicodedata.category(char) != "Cf")
    cell = " ".join(cell.split())
    if "\ufffd" in cell or not (cell.isprintable() or cell.isspace()):
        raise _unreadable()
    return cell


def _unreadable() -> CellError:
    return CellError(
        "Hay letras que no se leyeron bien",
        "Guardar la lista como «Libro de Excel (.xlsx)» o «CSV UTF-8» y subirla otra vez",
    )


def _kind(cell: Cell) -> str:
    return "" if isinstance(cell, str) else cell[0]


def clean_name(cell: Cell, *, longest: int) -> str:
    """Return a name as it was written; only spaces and invisible characters change."""
    text = text_of(cell)
    if len(text) > longest:
        raise CellError(
            f"Tiene {len(text)} letras; caben {longest}",
            "Revisar que sea un solo nombre o apellido",
        )
    if "Ã" in text or "Â" in text:
        raise _unreadable()
    if text and not NAME.fullmatch(text):
        strange = next(char for char in text if not NAME.fullmatch(f"a{char}"))
        if strange.isdigit() or strange in ",;/":
            raise CellError(
                f"Tiene «{strange}», que no va en un nombre",
                "Escribir solo el nombre, y cada apellido en su columna",
            )
        raise _unreadable()
    return text


def clean_matricula(cell: Cell) -> str | Repaired:
    """Return a matrícula in capitals without spaces; a number keeps all its digits."""
    text = text_of(cell).replace(" ", "").upper()
    number = _whole_number(cell, text)
    if number != text:
        return Repaired(number, "Estaba guardada como número con decimales", f"Usamos {number}")
    if text and not MATRICULA.fullmatch(text):
        raise CellError(
            "La matrícula lleva de 2 a 20 letras, números o guiones", "Corregirla en la lista"
        )
    return text


def _whole_number(cell: Cell, text: str) -> str:
    """Undo «26050148.0», and refuse what lost digits on its way through Excel."""
    if isinstance(cell, str) and text.isdecimal():
        return text
    if SCIENTIFIC.fullmatch(text):
        raise CellError(
            "Excel lo cambió a notación científica y se perdieron números",
            "Dar formato de Texto a la columna, escribir el número completo y subir otra vez",
        )
    if _kind(cell) == "d":
        raise CellError(
            "Excel lo convirtió en fecha", "Dar formato de Texto a la columna y escribirlo otra vez"
        )
    if _kind(cell) == "n" and len(text.lstrip("-").replace(".", "")) > EXACT_DIGITS:
        raise CellError(
            "El número es más largo de lo que Excel guarda y perdió cifras",
            "Dar formato de Texto a la columna y escribir el número completo",
        )
    return text if text.isalnum() else DECIMALS.sub(r"\1", text)


def clean_group(cell: Cell) -> str:
    text = text_of(cell).upper()
    if _kind(cell) == "d":
        raise CellError(
            "Excel convirtió el grupo en fecha",
            "Dar formato de Texto a la columna y escribir el grupo otra vez",
        )
    if len(text) > 12:
        raise CellError(f"El grupo tiene {len(text)} letras; caben 12", "Escribir la clave corta")
    return text


def clean_shift(cell: Cell) -> str:
    text = text_of(cell)
    word = _plain(text).removeprefix("turno ")
    if text and word not in SHIFTS:
        raise CellError(
            "No reconocemos ese turno",
            "Escribir matutino, vespertino, nocturno, mixto o discontinuo",
        )
    return SHIFTS.get(word, "")


def clean_status(cell: Cell) -> str | Repaired:
    """Return how the stay ended, LEFT for a baja that does not say how, "" for who is enrolled.

    What is not known means enrolled, and is told: nobody leaves by a guess.
    """
    words = set(re.findall(r"[a-z]+", _plain(text_of(cell))))
    if not words & LEAVING and not any(word.startswith("egres") for word in words):
        if words <= ENROLLED:
            return ""
        return Repaired("", "No reconocemos esa situación", "Se toma como inscrito")
    for kind, starts in KINDS_OF_BAJA.items():
        if any(word.startswith(starts) for word in words):
            return kind
    return LEFT


def clean_semester(cell: Cell) -> str:
    text = text_of(cell)
    if not text:
        return ""
    word = _plain(text).replace("semestre", "").replace("sem", "").strip(" .")
    word = re.sub(r"^(\d)\s*(?:o|ro|do|to|er|a)?$", r"\1", word)
    if word not in SEMESTERS:
        raise CellError("El semestre va del 1 al 6", "Escribir solo el número del semestre")
    return SEMESTERS[word]


def clean_curp(cell: Cell, *, today: date, seen: dict[str, Curp]) -> str:
    """Return a valid CURP, kept parsed in `seen`, or "" when the roster does not know it."""
    text = text_of(cell)
    if not text:
        return ""
    try:
        curp = parse_curp(text, today=today)
    except IdentityError as error:
        fix = suggest_curp(text, today=today) or ""
        remedy = (
            f"¿Usar {fix}?"
            if fix
            else "Copiarla del acta o de gob.mx/curp, o dejarla vacía: la escribe el estudiante"
        )
        raise CellError(staff_words(error.sentence), remedy, fix=fix) from error
    seen[curp.value] = curp
    return curp.value


def staff_words(sentence: str) -> str:
    """Turn what a student reads into what the staff reads: «escribiste 17» → «tiene 17»."""
    plain = sentence.replace("Revisa tu CURP: ", "").replace("Revisa el NSS: ", "")
    plain = plain.replace("y escribiste", "y dice").replace("escribiste", "tiene")
    return plain[:1].upper() + plain[1:]


def clean_nss(cell: Cell) -> str | Repaired:
    """Return an NSS of 11 digits; a zero that Excel took away is put back and told."""
    text = text_of(cell)
    if not text:
        return ""
    number = _whole_number(cell, text)
    digits = NO_DIGIT.sub("", number)
    if digits == number and 8 <= len(digits) <= 10 and nss_has_valid_digit(digits.zfill(11)):
        padded = digits.zfill(11)
        if _kind(cell) == "n":
            return Repaired(padded, "Excel le quitó el cero del principio", f"Usamos {padded}")
        raise CellError(
            f"El NSS tiene 11 números; aquí hay {len(digits)}", f"¿Usar {padded}?", fix=padded
        )
    try:
        return parse_nss(number)
    except IdentityError as error:
        raise CellError(
            staff_words(error.sentence).replace(". Cópialo de tu acuse", ""),
            "Corregirlo, o dejarlo vacío: el estudiante sube su acuse",
        ) from error


def clean_email(cell: Cell) -> str | Repaired:
    """Return an e-mail address; a domain that looks mistyped is told, never changed."""
    text = text_of(cell).replace(" ", "").removeprefix("mailto:").strip("<>;,")
    if not text:
        return ""
    local, _, domain = text.rpartition("@")
    domain = domain.lower()
    email = f"{local}@{domain}"
    if not EMAIL.fullmatch(email) or len(email) > 254:
        raise CellError(
            "El correo no está completo o tiene un signo de más",
            "Escribirlo como nombre@correo.com, o dejarlo vacío",
        )
    if domain in DOMAIN_TYPOS:
        fix = f"{local}@{DOMAIN_TYPOS[domain]}"
        return Repaired(email, f"«{domain}» parece mal escrito", f"¿Usar {fix}?", fix)
    return email


def clean_phone(cell: Cell) -> str:
    """Return ten digits; 52, 521, 044 and 045 in front are dropped."""
    text = text_of(cell)
    if not text:
        return ""
    digits = NO_DIGIT.sub("", _whole_number(cell, text))
    if len(digits) == 10:
        return digits
    for prefix, length in (("521", 13), ("52", 12), ("044", 13), ("045", 13), ("01", 12)):
        if len(digits) == length and digits.startswith(prefix):
            digits = digits[-10:]
    if len(digits) != 10:
        raise CellError(
            f"El celular debe tener 10 dígitos; tiene {len(digits)}", "Corregirlo o dejarlo vacío"
        )
    return digits


def clean_date(cell: Cell) -> str:
    """Return an ISO date from a date cell, a serial number, dd/mm/aaaa, ISO or words."""
    text = text_of(cell)
    if not text:
        return ""
    day = _date(text)
    if day is None:
        raise CellError("No es una fecha que exista", "Escribirla como día/mes/año: 24/08/2026")
    return day.isoformat()


def _date(text: str) -> date | None:
    try:
        if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and 10_000 < float(text) < 80_000:
            return EXCEL_DAY_0 + timedelta(days=int(float(text)))
        if match := YEAR_FIRST.fullmatch(text):
            year, month, day = match.groups()
        elif match := DAY_FIRST.fullmatch(text):
            day, month, year = match.groups()
        else:
            words = _plain(text).replace(" de ", " ").replace(" del ", " ").split()
            day, name, year = words
            month = str(MONTH_NUMBERS.get(name, 0))
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def clean_sex(cell: Cell) -> str:
    """Return H, M, X, or «?» for a lone M, which may be mujer or masculino."""
    text = _plain(text_of(cell))
    if not text:
        return ""
    meanings = {
        "H": ("h", "hombre", "masculino", "masc", "varon", "1"),
        "M": ("mujer", "f", "femenino", "fem", "2"),
        "X": ("x", "no binario", "nb", "3"),
        "?": ("m",),
    }
    for sex, words in meanings.items():
        if text in words:
            return sex
    raise CellError("No reconocemos ese sexo", "Escribir H, M o X, o dejarlo vacío")


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()
