"""Files people send: what is taken off them, what is refused, and what happens to files nobody saved."""

import io
import os
import time
import uuid
import zipfile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import ExifTags, Image, PngImagePlugin

from branches.models import Evidence
from branches.uploads import LARGEST_FILE, UploadRefused, clean_upload, redeem, shown_name, store, ticket_for
from tests.factories import AccountFactory, ActivityFactory


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def saved(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(clean) -> Image.Image:
    return Image.open(io.BytesIO(clean.content))


def refused(name: str, content: bytes) -> str:
    with pytest.raises(UploadRefused) as refusal:
        clean_upload(sent(name, content))
    return str(refusal.value)


def zipped(parts: dict) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


WORD = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}
ONLY = "Chỉ nhận ảnh JPG, PNG, WebP, tệp PDF, Word (docx) và Excel (xlsx)."

# --- pictures ---------------------------------------------------------------------------------------


def photo_of_a_phone() -> bytes:
    """A picture lying on its side, with place, camera and a comment."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Điện thoại"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (21.0, 1.0, 2.0)
    return saved(Image.new("RGB", (3000, 2000), "red"), "JPEG", exif=exif, comment=b"so dien thoai 0912")


def test_picture_loses_place_camera_and_comment_and_stands_upright():
    clean = clean_upload(sent("Ảnh họp.JPG", photo_of_a_phone()))

    picture = opened(clean)
    assert (clean.name, clean.kind, clean.content_type) == ("Ảnh họp.jpg", "picture", "image/jpeg")
    assert (picture.size, picture.mode) == ((1365, 2048), "RGB")
    assert dict(picture.getexif()) == {}
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"0912" not in clean.content


def test_png_with_text_and_holes_becomes_a_plain_jpeg_on_white():
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Nguyen Van A")

    clean = clean_upload(sent("màn hình.png", saved(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG", pnginfo=text)))

    assert (clean.name, opened(clean).getpixel((5, 5))) == ("màn hình.jpg", (255, 255, 255))
    assert b"Nguyen" not in clean.content


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
def test_picture_of_any_colours_is_taken(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    assert opened(clean_upload(sent("x", saved(Image.new(mode, (9, 9)), kind)))).mode == "RGB"


def test_picture_with_a_passenger_loses_it():
    clean = clean_upload(sent("a.jpg", saved(Image.new("RGB", (9, 9)), "JPEG") + b"<script>alert(1)</script>"))

    assert b"script" not in clean.content


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("trang.jpg", b"<html><script>alert(1)</script>", f"Không nhận tệp “trang.jpg”. {ONLY}"),
        ("hình.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", f"Không nhận tệp “hình.svg”. {ONLY}"),
        ("động.gif", b"GIF89a<script>alert(1)</script>", f"Không nhận tệp “động.gif”. {ONLY}"),
        ("máy.exe", b"MZ" + b"\0" * 100, f"Không nhận tệp “máy.exe”. {ONLY}"),
        ("../../etc/passwd", b"root:x:0:0", f"Không nhận tệp “passwd”. {ONLY}"),
        ("rỗng.jpg", b"", "Tệp “rỗng.jpg” trống. Hãy chọn tệp khác."),
        ("đứt.jpg", photo_of_a_phone()[:3000], "Ảnh “đứt.jpg” bị hỏng, không mở được. Hãy chọn ảnh khác."),
        (
            "bom.png",
            saved(Image.new("1", (10_000, 10_000)), "PNG"),
            "Ảnh “bom.png” quá lớn (10000 × 10000 điểm). Hãy thu nhỏ rồi chọn lại.",
        ),
        (
            "bom lớn.png",
            saved(Image.new("1", (20_000, 20_000)), "PNG"),
            "Ảnh “bom lớn.png” quá lớn. Hãy thu nhỏ rồi chọn lại.",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_hostile_or_spoilt_file_is_refused_by_name(name, content, message):
    assert refused(name, content) == message


def test_file_above_the_limit_is_refused_without_being_read():
    upload = sent("nặng.jpg", b"x")
    upload.size = LARGEST_FILE + 1

    with pytest.raises(UploadRefused, match=r"Tệp “nặng.jpg” nặng 10,0 MB. Mỗi tệp tối đa 10 MB"):
        clean_upload(upload)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\a\\ảnh.jpg", "ảnh.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("dòng\r\nSet-Cookie: x.jpg", "dòng Set-Cookie: x.jpg"),
        ("", "tệp không tên"),
        ("x" * 300 + ".jpg", "x" * 156 + ".jpg"),
    ],
)
def test_shown_name_is_harmless(name, shown):
    assert shown_name(name) == shown


# --- PDF ----------------------------------------------------------------------------------------------


def hostile_pdf(**save) -> bytes:
    name = pikepdf.Name
    paper = pikepdf.new()
    paper.add_blank_page()
    paper.Root.OpenAction = pikepdf.Dictionary(S=name.JavaScript, JS="app.alert(1)")
    paper.attachments["a.exe"] = pikepdf.AttachedFileSpec(paper, b"MZMZMZ" * 50)
    paper.docinfo["/Author"] = "Nguyen Van A"
    page = paper.pages[0]
    page.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=name.Launch, F="cmd.exe"))
    box = [0, 0, 9, 9]
    page.Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(Subtype=name.Link, Rect=box, A=pikepdf.Dictionary(S=name.JavaScript, JS="x()")),
            pikepdf.Dictionary(Subtype=name.Link, Rect=box, A=pikepdf.Dictionary(S=name.Launch, F="cmd.exe")),
            pikepdf.Dictionary(Subtype=name.Link, Rect=box, A=pikepdf.Dictionary(S=name.URI, URI="https://vidu.vn")),
        ]
    )
    out = io.BytesIO()
    paper.save(out, **save)
    return out.getvalue()


def test_pdf_is_rewritten_without_anything_that_acts():
    clean = clean_upload(sent("Kế hoạch.PDF", hostile_pdf()))

    paper = pikepdf.open(io.BytesIO(clean.content))
    assert (clean.name, clean.kind, clean.content_type) == ("Kế hoạch.pdf", "pdf", "application/pdf")
    assert set(paper.Root.keys()) == {"/Type", "/Pages"}
    assert "/AA" not in paper.pages[0]
    assert [note.A.URI if "/A" in note else None for note in paper.pages[0].Annots] == [None, None, "https://vidu.vn"]
    assert "/Info" not in paper.trailer
    assert len(paper.attachments) == 0


def test_pdf_with_a_password_is_refused():
    locked = hostile_pdf(encryption=pikepdf.Encryption(owner="chu", user="mo"))

    assert refused("khóa.pdf", locked) == "Tệp “khóa.pdf” có mật khẩu. Hãy bỏ mật khẩu rồi chọn lại."


def test_pdf_of_too_many_pages_is_refused():
    paper = pikepdf.new()
    for _ in range(301):
        paper.add_blank_page()
    out = io.BytesIO()
    paper.save(out)

    assert refused("dày.pdf", out.getvalue()) == ("Tệp “dày.pdf” có hơn 300 trang. Hãy tách ra rồi gửi phần cần thiết.")


@pytest.mark.parametrize("content", [b"%PDF-1.7 rubbish", hostile_pdf()[:200]])
def test_spoilt_pdf_is_refused(content):
    assert refused("hỏng.pdf", content) == "Tệp PDF “hỏng.pdf” bị hỏng, không mở được. Hãy chọn tệp khác."


# --- Word and Excel -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "name"),
    [(WORD, "biên bản.docx"), ({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"}, "biên bản.xlsx")],
)
def test_office_file_is_stored_as_it_is(parts, name):
    content = zipped(parts)

    clean = clean_upload(sent("biên bản.doc", content))

    assert (clean.name, clean.kind, clean.content) == (name, "office", content)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            WORD | {"word/vbaProject.bin": "x"},
            "Tệp “t.docx” có macro. Hãy lưu lại thành docx, xlsx không có macro hoặc in thành PDF.",
        ),
        (
            WORD | {"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"},
            "Tệp “t.docx” có macro. Hãy lưu lại thành docx, xlsx không có macro hoặc in thành PDF.",
        ),
        (
            WORD | {"word/media/bom.bin": b"0" * (101 * 1024 * 1024)},
            "Tệp “t.docx” mở ra quá lớn. Hãy chia nhỏ hoặc in thành PDF rồi chọn lại.",
        ),
        (
            {"a.txt": "x"},
            "Không nhận tệp “t.docx”. Trong các tệp nén chỉ nhận Word (docx) và Excel (xlsx).",
        ),
    ],
)
def test_office_file_that_could_act_or_burst_is_refused(parts, message):
    assert refused("t.docx", zipped(parts)) == message


def test_spoilt_zip_is_refused():
    assert refused("t.docx", b"PK\x03\x04 rubbish") == (
        "Không nhận tệp “t.docx”. Trong các tệp nén chỉ nhận Word (docx) và Excel (xlsx)."
    )


# --- waiting for a form ---------------------------------------------------------------------------------


@pytest.fixture
def stored(media):
    return store(clean_upload(sent("ảnh.png", saved(Image.new("RGB", (9, 9)), "PNG"))))


@pytest.mark.django_db
def test_ticket_is_good_for_its_account_and_form_only(stored):
    account, key = AccountFactory(), uuid.uuid4()
    ticket = ticket_for(stored, account=account, form_key=key)

    assert redeem(ticket, account=account, form_key=key) == stored
    assert redeem(ticket, account=AccountFactory(), form_key=key) is None
    assert redeem(ticket, account=account, form_key=uuid.uuid4()) is None
    assert redeem(ticket[:-1], account=account, form_key=key) is None
    assert redeem("", account=account, form_key=key) is None


@pytest.mark.django_db
def test_ticket_of_a_vanished_file_is_worth_nothing(stored, media):
    account, key = AccountFactory(), uuid.uuid4()
    ticket = ticket_for(stored, account=account, form_key=key)
    (media / stored.path).unlink()

    assert redeem(ticket, account=account, form_key=key) is None


def test_stored_name_is_random(stored):
    folder, _, name = stored.path.partition("/")

    assert folder == "evidence"
    assert len(name) == len(uuid.uuid4().hex) + len(".jpg")
    assert "ảnh" not in name


@pytest.mark.django_db
def test_sweep_removes_old_orphans_and_nothing_else(media):
    content = saved(Image.new("RGB", (9, 9)), "PNG")
    old, young, used = (store(clean_upload(sent("x.png", content))) for _ in range(3))
    Evidence.objects.create(activity=ActivityFactory(), file=used.path, **used.columns())
    three_days_ago = time.time() - 3 * 24 * 3600
    for one in (old, used):
        os.utime(media / one.path, (three_days_ago, three_days_ago))

    call_command("sweep_files", "--dry-run", stdout=io.StringIO())
    before = len(list(media.rglob("*.jpg")))
    call_command("sweep_files", stdout=io.StringIO())

    assert before == 3
    assert sorted(path.name for path in media.rglob("*.jpg")) == sorted(
        one.path.removeprefix("evidence/") for one in (young, used)
    )


def test_half_a_picture_is_refused_also_after_a_paper_was_printed(monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)  # what importing the PDF engine does
    assert refused("đứt.jpg", photo_of_a_phone()[:3000]) == "Ảnh “đứt.jpg” bị hỏng, không mở được. Hãy chọn ảnh khác."
