"""Files that attack, made here: each function returns the bytes of one case of the upload rules."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image


def pdf(pages: int = 1, *, size: tuple[float, float] = (612, 792)) -> pikepdf.Pdf:
    """Return an open PDF with empty pages."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=size)
    return made


def saved(made: pikepdf.Pdf, **options: object) -> bytes:
    """Return the bytes of a PDF."""
    buffer = io.BytesIO()
    made.save(buffer, deterministic_id="encryption" not in options, **options)
    return buffer.getvalue()


def plain_pdf(pages: int = 1) -> bytes:
    """A harmless PDF."""
    return saved(pdf(pages))


def only_header() -> bytes:
    """P2: nothing but the first line."""
    return b"%PDF-1.7"


def user_password() -> bytes:
    """P6: opens with a password only."""
    return saved(pdf(), encryption=pikepdf.Encryption(user="abc", owner="def", R=6))


def owner_password() -> bytes:
    """P7: opens without a password, may not be changed without one."""
    return saved(pdf(), encryption=pikepdf.Encryption(user="", owner="def", R=6))


def many_pages(count: int = 10_000) -> bytes:
    """P8: real pages, not only a `/Count`."""
    rows = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    rows.append(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids))
    rows += [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"] * count
    return by_hand(rows)


def lying_count() -> bytes:
    """P9: two thousand million pages, it says."""
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 2000000000 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
        ]
    )


def page_loop() -> bytes:
    """P10: a page tree that contains itself."""
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 2 /Kids [3 0 R] >>",
            b"<< /Type /Pages /Parent 2 0 R /Count 2 /Kids [2 0 R] >>",
        ]
    )


def deep_pages(depth: int = 3_000) -> bytes:
    """P10: a page tree three thousand levels deep."""
    rows = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    rows += [
        b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % number for number in range(3, 3 + depth)
    ]
    rows.append(b"<< /Type /Page /MediaBox [0 0 99 99] >>")
    return by_hand(rows)


def deep_arrays(depth: int = 100_000) -> bytes:
    """P10: arrays within arrays."""
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R /X %s >>" % (b"[" * depth + b"]" * depth),
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
        ]
    )


def flate_bomb() -> bytes:
    """P11: a content stream of under a kilobyte that unpacks three times into a gigabyte."""
    packer = zlib.compressobj(9)
    spaces = b" " * 2**20
    once = b"".join(packer.compress(spaces) for _ in range(1024)) + packer.flush()
    content = zlib.compress(zlib.compress(once, 9), 9)
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>",
            b"<< /Length %d /Filter [/FlateDecode /FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
            % (len(content), content),
        ]
    )


def huge_page() -> bytes:
    """P14: a page of fourteen kilometres."""
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 1000000 1000000] >>",
            b"<< /Type /Page /Parent 2 0 R >>",
        ]
    )


def with_root(key: str, value: object) -> bytes:
    """Put one direct value into the catalog."""
    made = pdf()
    made.Root[key] = value
    return saved(made)


def script_direct() -> bytes:
    """P15: JavaScript as a direct object of the catalog."""
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    return with_root("/OpenAction", action)


def script_indirect() -> bytes:
    """P15: JavaScript behind a reference."""
    made = pdf()
    made.Root.OpenAction = made.make_indirect(
        Dictionary(S=Name.JavaScript, JS=made.make_stream(b"app.alert(1)"))
    )
    return saved(made)


def script_on_page() -> bytes:
    """P15: JavaScript when the page is opened."""
    made = pdf()
    made.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))
    return saved(made)


def action(kind: str) -> bytes:
    """P16: an action that leaves the document, in a link."""
    made = pdf()
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name("/" + kind), F=String("cmd.exe")),
    )
    made.pages[0].obj.Annots = Array([link])
    return saved(made)


def rich_media() -> bytes:
    """P16: a film or a Flash that plays."""
    made = pdf()
    made.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))]
    )
    return saved(made)


def attachment() -> bytes:
    """P17: another file inside."""
    made = pdf()
    made.attachments["otro.exe"] = pikepdf.AttachedFileSpec(made, b"MZ")
    return saved(made)


def attachment_on_page() -> bytes:
    """P17: another file behind a pin on the page."""
    made = pdf()
    stream = made.make_stream(b"MZ", Type=Name.EmbeddedFile)
    spec = Dictionary(Type=Name.Filespec, F=String("otro.exe"), EF=Dictionary(F=stream))
    pin = Dictionary(
        Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=spec
    )
    made.pages[0].obj.Annots = Array([pin])
    return saved(made)


def web_link() -> bytes:
    """P20: an ordinary link to a page, with an opening action that only goes to the first page."""
    made = pdf()
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name.URI, URI=String("https://www.imss.gob.mx")),
    )
    made.pages[0].obj.Annots = Array([link])
    made.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]))
    return saved(made)


def late_header() -> bytes:
    """P21: a page of HTML first, the PDF a thousand bytes later."""
    return b"<script>alert(1)</script>".ljust(1000) + plain_pdf()


def zip_behind() -> bytes:
    """P22: an archive behind the end."""
    return plain_pdf() + archive(4096)


def archive(size: int) -> bytes:
    """Return a ZIP with `size` bytes stored in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("virus.txt", b"x" * size)
    return buffer.getvalue()


def eicar() -> bytes:
    """The test file of EICAR, which every virus scanner finds; in parts here, so that none finds it in this file."""
    parts = (
        rb"X5O!P%@AP[4\PZX54(P^)7CC)7}",
        b"$EICAR-STANDARD-",
        b"ANTIVIRUS-TEST-FILE!",
        b"$H+H*",
    )
    return b"".join(parts)


def virus() -> bytes:
    """P28: that file packed into the contents of a page, in a PDF that is harmless otherwise."""
    made = pdf()
    made.pages[0].Contents = made.make_stream(zlib.compress(eicar()), Filter=Name.FlateDecode)
    return saved(made)


def by_hand(rows: list[bytes]) -> bytes:
    """Write objects 1… as a PDF with a right cross-reference table."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, row in enumerate(rows, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, row)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(rows) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(rows) + 1, start)
    return bytes(out)


def png_of(width: int, height: int) -> bytes:
    """I8, I9: a white one-bit PNG of that size in few bytes."""
    row = b"\x00" + b"\xff" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, content) for name, content in chunks)


def chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def arrow(mode: str = "RGB", size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Return a picture whose upper left corner alone is red."""
    image = Image.new("RGB", size, "white")
    image.paste((220, 20, 20), (0, 0, size[0] // 4, size[1] // 4))
    return image if mode == "RGB" else image.convert(mode)


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    """Return a picture as JPEG."""
    buffer = io.BytesIO()
    (image or arrow()).save(buffer, "JPEG", quality=90, **options)
    return buffer.getvalue()


def png(image: Image.Image | None = None, **options: object) -> bytes:
    """Return a picture as PNG."""
    buffer = io.BytesIO()
    (image or arrow()).save(buffer, "PNG", **options)
    return buffer.getvalue()


def turned_jpeg(orientation: int) -> bytes:
    """I1: the picture as a phone stores it that was held another way."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = arrow()
    if orientation in back:
        image = image.transpose(back[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    return jpeg(image, exif=exif)


def jpeg_with_place() -> bytes:
    """I2: a photo that tells where it was taken and with what."""
    exif = Image.Exif()
    exif[0x010F] = "Telefono"
    exif.get_ifd(0x8825)[2] = (29.0, 4.0, 22.0)
    return jpeg(exif=exif, comment=b"casa", xmp=b"<x:xmpmeta>casa</x:xmpmeta>")
