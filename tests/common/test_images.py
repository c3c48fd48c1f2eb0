"""Pictures: decoded within limits, upright, on white, without a trace of where they come from."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFile

from common.images import derivative, even_light, fitted, open_picture, quality
from common.uploads import DOCUMENT, Kind, Refusal, Refused, kind_of, run_child, with_room_for
from tests.samples import hostile, hostile_pictures


def opened(content: bytes, tmp_path: Path) -> Image.Image:
    """Decode bytes as the child does."""
    path = tmp_path / "picture"
    path.write_bytes(content)
    return open_picture(path)


def refusal(content: bytes, tmp_path: Path) -> Refusal:
    """Give the code with which a picture is refused."""
    with pytest.raises(Refused) as refused:
        opened(content, tmp_path)
    return refused.value.code


def corner(image: Image.Image) -> tuple[bool, bool, bool, bool]:
    """Tell which corners are red: upper left, upper right, lower left, lower right."""
    right, bottom = image.width - 5, image.height - 5
    points = [(4, 4), (right, 4), (4, bottom), (right, bottom)]
    return tuple(image.getpixel(point)[1] < 100 for point in points)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_open_picture_turns_upright(orientation, tmp_path):  # I1
    image = opened(hostile.turned_jpeg(orientation), tmp_path)

    assert image.size == (400, 300)
    assert corner(image) == (True, False, False, False)


def test_derivative_tells_nothing_of_its_origin(tmp_path):  # I2
    content = derivative(opened(hostile.jpeg_with_place(), tmp_path))

    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "JPEG"
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"casa" not in content


@pytest.mark.parametrize(("width", "height"), [(12_000, 12_000), (30_000, 30_000), (50_000, 10)])
def test_open_picture_refuses_by_header(width, height, tmp_path):  # I8, I9
    content = hostile.png_of(width, 1)
    content = content[:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + content[24:]

    fate = refusal(content, tmp_path)

    assert fate in {Refusal.IMAGE_TOO_LARGE, Refusal.IMAGE_DAMAGED}


def test_open_picture_refuses_a_hundred_and_forty_megapixels_in_few_bytes(tmp_path):  # I8
    content = hostile.png_of(12_000, 12_000)

    assert len(content) < 40_000
    assert refusal(content, tmp_path) == Refusal.IMAGE_TOO_LARGE


def test_open_picture_refuses_a_long_strip(tmp_path):  # I9
    assert refusal(hostile.png_of(50_000, 10), tmp_path) == Refusal.IMAGE_TOO_LARGE


@pytest.mark.parametrize("fill_up", [False, True], ids=["", "beside WeasyPrint"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_open_picture_refuses_a_cut_jpeg(share, fill_up, tmp_path, monkeypatch):  # I10
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", fill_up)
    image = Image.effect_noise((800, 600), 60).convert("RGB")
    content = hostile.jpeg(image)

    assert refusal(content[: int(len(content) * share)], tmp_path) == Refusal.IMAGE_DAMAGED


@pytest.mark.parametrize("make", [hostile.jpeg, hostile.png])
def test_derivative_drops_what_stands_behind(make, tmp_path):  # I11
    content = make() + hostile.archive(2000) + b"<script>alert(1)</script>"

    clean = derivative(opened(content, tmp_path))

    assert b"script" not in clean
    assert b"PK\x03\x04" not in clean


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_open_picture_takes_every_kind_of_jpeg(mode, tmp_path):  # I16
    image = opened(hostile.jpeg(hostile.arrow(mode)), tmp_path)

    assert image.mode == "RGB"
    assert corner(image)[1:] == (False, False, False)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_open_picture_takes_every_kind_of_png(mode, tmp_path):  # I16
    image = opened(hostile.png(hostile.arrow(mode)), tmp_path)

    assert image.mode == "RGB"
    assert min(image.getpixel((390, 290))) > 250


def test_open_picture_takes_sixteen_bits(tmp_path):  # I16
    deep = Image.new("I;16", (40, 30), 65_535)
    deep.putpixel((0, 0), 0)

    image = opened(hostile.png(deep), tmp_path)

    assert image.getpixel((20, 20)) == (255, 255, 255)
    assert image.getpixel((0, 0)) == (0, 0, 0)


@pytest.mark.parametrize("mode", ["1", "P", "I;16", "RGBA"])
def test_open_picture_reduces_every_kind_of_large_png(mode, tmp_path):  # I16
    white = Image.new("I;16", (6_200, 40), 65_535)
    white = white if mode == "I;16" else Image.new("RGB", white.size, "white").convert(mode)

    image = opened(hostile.png(white), tmp_path)

    assert (image.size, image.getcolors()) == ((3_100, 20), [(62_000, (255, 255, 255))])


@pytest.mark.parametrize("exif", [b"no TIFF.", b"MM\x00*\x00\x00"], ids=["other", "cut"])
def test_open_picture_takes_a_picture_whose_exif_is_damaged(exif, tmp_path):  # I1
    image = opened(hostile_pictures.with_chunk(b"eXIf", exif), tmp_path)

    assert (image.size, corner(image)) == ((400, 300), (True, False, False, False))


def test_open_picture_puts_what_is_clear_on_white(tmp_path):  # I16
    clear = Image.new("RGBA", (40, 30), (200, 0, 0, 0))
    palette = Image.new("P", (40, 30), 0)

    assert opened(hostile.png(clear), tmp_path).getpixel((5, 5)) == (255, 255, 255)
    assert opened(hostile.png(palette, transparency=0), tmp_path).getpixel((5, 5)) == (255,) * 3


def test_open_picture_goes_by_content_not_by_name(tmp_path):  # I17
    content = hostile.jpeg()

    assert kind_of(content, "IMG_0001.HEIC", DOCUMENT).value == "JPEG"
    assert opened(content, tmp_path).size == (400, 300)


# HEIC --------------------------------------------------------------------------------------------
def drawn(content: bytes, tmp_path: Path, kind: Kind = Kind.HEIC):
    """Draw a picture in the real child, with the limits of its kind."""
    path = tmp_path / "upload"
    path.write_bytes(content)
    job = "common.uploads.documents:make_derivatives"
    return run_child(
        job, path, limits=with_room_for(kind), arguments={"kind": kind.value}, wait_seconds=60
    )


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_open_picture_turns_heic_upright(orientation, tmp_path):
    image = opened(hostile_pictures.heic_with_place(orientation), tmp_path)

    assert image.size == (400, 300)
    assert corner(image) == (True, False, False, False)


def test_make_derivatives_of_heic_tell_nothing_of_its_origin(tmp_path):
    result = drawn(hostile_pictures.heic_with_place(6), tmp_path)

    assert result.is_done, result.end
    content = result.files["page-01.jpg"]
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size) == ("JPEG", (400, 300))
        assert dict(image.getexif()) == {}
        assert corner(image) == (True, False, False, False)
    assert b"casa" not in content


def test_make_derivatives_of_fifty_megapixels_of_heic_fit_the_child(tmp_path):
    result = drawn(hostile_pictures.heic(Image.new("RGB", (8_000, 6_200), "white")), tmp_path)

    assert result.is_done, result.end
    with Image.open(io.BytesIO(result.files["page-01.jpg"])) as image:
        assert image.size == (1600, 1240)


def test_make_derivatives_of_heic_named_jpg(tmp_path):
    content = hostile_pictures.heic()

    kind = kind_of(content[:4096], "IMG_0001.jpg", DOCUMENT)

    assert kind == Kind.HEIC
    assert drawn(content, tmp_path, kind).is_done


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_open_picture_refuses_a_cut_heic(share, tmp_path):
    assert (
        refusal(hostile_pictures.cut(hostile_pictures.heic(), share), tmp_path)
        == Refusal.IMAGE_DAMAGED
    )


def test_open_picture_refuses_heic_by_the_size_it_states(tmp_path):
    content = hostile_pictures.stated_size(hostile_pictures.heic(), 16_000, 12_000)

    assert refusal(content, tmp_path) == Refusal.IMAGE_TOO_LARGE


def test_open_picture_never_decodes_another_format(tmp_path):  # I13
    buffer = io.BytesIO()
    hostile.arrow().save(buffer, "GIF")

    assert refusal(buffer.getvalue(), tmp_path) == Refusal.IMAGE_DAMAGED


def test_open_picture_of_fifty_megapixels_fits_the_child(tmp_path):
    path = tmp_path / "large.png"
    path.write_bytes(hostile.png(Image.new("RGBA", (8_000, 6_200), (250, 250, 250, 255))))

    job = "common.uploads.documents:make_derivatives"
    result = run_child(job, path, arguments={"kind": "PNG"}, wait_seconds=60)

    assert result.is_done, result.end
    with Image.open(io.BytesIO(result.files["page-01.jpg"])) as image:
        assert image.size == (1600, 1240)


def test_derivative_is_small(tmp_path):
    noise = Image.effect_noise((3_000, 2_200), 80).convert("RGB")

    content = derivative(noise)

    assert len(content) <= 150_000
    with Image.open(io.BytesIO(content)) as image:
        assert max(image.size) <= 1_600


def test_derivative_of_what_gets_no_smaller_stays_legible():
    noise = Image.effect_noise((390, 390), 80).convert("RGB")

    content = derivative(noise, most_bytes=1_000)

    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (390, 390)
    assert len(content) > 1_000


def test_quality_of_black_white_and_tiny():  # I18
    black, white = Image.new("RGB", (900, 900)), Image.new("RGB", (900, 900), "white")
    tiny = hostile.arrow(size=(20, 20))

    assert quality(black).troubles == ["dark", "blank"]
    assert quality(white).troubles == ["blank"]
    assert quality(tiny).troubles == ["small"]


@pytest.mark.parametrize("size", [(1, 900), (2, 900)])
def test_quality_of_a_sliver_has_no_edge(size):
    measured = quality(Image.new("RGB", size, "white"))

    assert (measured.edges, measured.flat) == (0, 1.0)


def test_quality_of_a_screenshot():
    screen = Image.new("RGB", (1080, 2340), "white")
    screen.paste((30, 30, 30), (60, 400, 900, 470))

    assert quality(screen).looks_like_screenshot
    assert not quality(fitted(screen.crop((0, 0, 1080, 1400)), 1200)).looks_like_screenshot


def test_even_light_divides_the_shadow_out():
    sheet = Image.new("L", (400, 400), "white")
    for y in range(10, 400, 40):
        sheet.paste(0, (0, y, 400, y + 6))
    slope = Image.linear_gradient("L").resize((400, 400))
    shadow = slope.point([90 + level * 3 // 5 for level in range(256)])
    photo = ImageChops.multiply(sheet, shadow).convert("RGB")

    even = even_light(photo)

    assert photo.getpixel((200, 35))[0] < 110
    assert abs(even.getpixel((200, 35)) - even.getpixel((200, 355))) < 25
    assert even.getpixel((200, 35)) > 200
    assert even.getpixel((200, 13)) < 60
