"""Evidence: known by its content, rid of all that is not seen, sealed, and limited in size."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import text

from portal import crypto
from portal.models import StoredFile
from portal.services.files import LARGEST_FILE, store_file
from portal.services.unacceptable import Unacceptable
from tests.fixtures import People

PLACE = b"30.2741N secret place"


def photo(kind: str = "JPEG", size: tuple[int, int] = (300, 200)) -> bytes:
    """A picture lying on its side that says where and with what it was taken."""
    image = Image.new("RGB", size, "white")
    image.paste((200, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x0110] = 6, PLACE.decode(), "Camera 9"
    written = BytesIO()
    image.save(written, kind, exif=exif)
    return written.getvalue()


def paper(*, password: str = "") -> bytes:
    """A PDF with a script, an attachment, an author and a photograph that tells its place."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    picture = pikepdf.Stream(pdf, photo())
    picture.update(
        pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=300,
            Height=200,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
    )
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.Contents = pikepdf.Stream(pdf, b"q 300 0 0 200 0 0 cm /Im0 Do Q")
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('hello script')")
    pdf.Root.OpenAction = script
    page.AA = pikepdf.Dictionary(O=script)
    pdf.attachments["secret.txt"] = b"hidden attachment"
    pdf.docinfo["/Author"] = "Somebody Private"
    with pdf.open_metadata() as meta:
        meta["dc:creator"] = ["Somebody Private"]
    written = BytesIO()
    pdf.save(written, encryption=pikepdf.Encryption(user=password, owner=password) if password else None)
    return written.getvalue()


def reason_of(people: People, content: bytes, name: str = "a.jpg") -> str:
    with pytest.raises(Unacceptable) as refused:
        store_file(actor=people.get("ana"), content=content, name=name)
    return refused.value.reason


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_pixels_upright_and_nothing_else(session, people: People, kind: str) -> None:
    brought = photo(kind)
    assert PLACE in brought
    file = store_file(actor=people.get("ana"), content=brought, name="微信图片.pdf", distributor_id=1)
    kept = file.content
    with Image.open(BytesIO(kept)) as image:
        assert (image.format, image.size) == (kind, (200, 300))
        assert not image.getexif()
    assert PLACE not in kept and b"Camera 9" not in kept
    assert file.media_type == f"image/{kind.lower()}"
    assert file.sha256 == crypto.digest(kept) and file.size == len(kept)


def test_a_pdf_keeps_its_pages_and_loses_what_acts_or_tells(session, people: People) -> None:
    brought = paper()
    with pikepdf.open(BytesIO(brought)) as before:
        assert before.attachments and "/OpenAction" in before.Root
    file = store_file(actor=people.get("ana"), content=brought, name="证明.jpg")
    assert (file.media_type, file.name) == ("application/pdf", "证明.pdf")
    with pikepdf.open(BytesIO(file.content)) as kept:
        assert len(kept.pages) == 1 and not kept.attachments
        assert not {"/OpenAction", "/Names", "/AcroForm", "/Metadata"} & set(kept.Root.keys())
        assert "/AA" not in kept.pages[0] and not kept.docinfo
        pictures = [one.read_raw_bytes() for one in kept.objects if isinstance(one, pikepdf.Stream)]
    assert pictures and not any(PLACE in one for one in pictures)
    for hidden in (b"hello script", b"hidden attachment", b"Somebody Private"):
        assert hidden not in file.content


def test_the_picture_in_a_pdf_still_opens(session, people: People) -> None:
    file = store_file(actor=people.get("ana"), content=paper(), name="a.pdf")
    with pikepdf.open(BytesIO(file.content)) as kept:
        assert pikepdf.PdfImage(kept.pages[0].Resources.XObject.Im0).as_pil_image().size == (300, 200)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file_empty"),
        (b"x" * (LARGEST_FILE + 1), "file_too_large"),
        (b"MZ\x90\x00 a program", "file_kind"),
        (b"<html><script>alert(1)</script></html>", "file_kind"),
        (b"GIF89a" + b"\x00" * 40, "file_kind"),
        (photo()[:300], "file_broken"),
        (b"%PDF-1.7 and nothing more", "file_broken"),
        (paper(password="secret"), "file_locked"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(session, people: People, content: bytes, reason: str) -> None:
    assert reason_of(people, content) == reason


def test_a_picture_of_too_many_pixels_is_refused(session, people: People) -> None:
    written = BytesIO()
    Image.new("1", (9000, 9000)).save(written, "PNG")
    assert reason_of(people, written.getvalue()) == "file_broken"


def test_a_telephones_photograph_with_a_second_picture_behind_it_keeps_the_first(session, people: People) -> None:
    written = BytesIO()
    Image.new("RGB", (300, 200), "red").save(
        written, "MPO", save_all=True, append_images=[Image.new("RGB", (150, 100))]
    )
    file = store_file(actor=people.get("ana"), content=written.getvalue(), name="a.jpg")
    with Image.open(BytesIO(file.content)) as image:
        assert (image.format, image.size, file.media_type) == ("JPEG", (300, 200), "image/jpeg")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_large_picture_becomes_smaller_whatever_its_colours(session, people: People, mode: str) -> None:
    written = BytesIO()
    Image.new(mode, (4000, 40)).save(written, "PNG")
    file = store_file(actor=people.get("ana"), content=written.getvalue(), name="a.png")
    with Image.open(BytesIO(file.content)) as image:
        assert image.size == (3000, 30)


def swollen() -> bytes:
    """A PDF with a part of a few kilobytes that unpacks to many megabytes."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    page.obj.Note = pdf.make_indirect(pikepdf.Dictionary(Text=pikepdf.String("x" * 40_000_000)))
    written = BytesIO()
    pdf.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def test_a_pdf_that_would_unpack_to_gigabytes_is_refused(session, people: People) -> None:
    content = swollen()
    assert len(content) < 100_000
    assert reason_of(people, content, "a.pdf") == "file_broken"


def test_the_content_is_sealed_at_rest(session, people: People) -> None:
    file = store_file(actor=people.get("ana"), content=photo("PNG"), name="a.png")
    raw = bytes(session.scalar(text("SELECT content FROM stored_files WHERE id = :id").bindparams(id=file.id)))
    assert b"PNG" not in raw
    assert crypto.unseal_bytes(raw, column="stored_files.content") == file.content


def test_brought_twice_it_is_kept_once_and_apart_from_that_of_others(session, people: People) -> None:
    first, again = (store_file(actor=people.get("ana"), content=photo(), name=name) for name in ("a.jpg", "b.jpg"))
    other = store_file(actor=people.get("ben"), content=photo(), name="a.jpg")
    assert first.id == again.id != other.id
    assert session.query(StoredFile).count() == 2


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\fakepath\\聊天.exe", "聊天.jpg"),
        ('a"b\r\nc<d>.jpg', "abcd.jpg"),
        ("", "file.jpg"),
        (".jpg", "jpg.jpg"),
        ("长" * 300, "长" * 80 + ".jpg"),
    ],
)
def test_a_name_is_only_a_name(session, people: People, name: str, kept: str) -> None:
    assert store_file(actor=people.get("ana"), content=photo(), name=name).name == kept
