"""Files people send: proved by decoding, written anew, and refused with an answer that names the file.

What a file claims to be (its name, its type) is never believed. Pictures are decoded and drawn on a
fresh canvas, so that place, camera and hidden passengers are gone; PDFs are rewritten without
actions, scripts and attachments; Word and Excel files are only stored when they carry no macros.
All of this is slow: call it before a transaction, never inside one.
"""

import hashlib
import io
import uuid
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath

import pikepdf
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from branches.formats import number
from branches.models import StoredFile
from branches.vietnamese import nfc

LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 12  # at once; the request itself is limited to 20 by the settings
LARGEST_PICTURE = 40_000_000  # pixels before it is scaled down
LONGEST_SIDE = 2048
THUMB_SIDE = 336  # 84 css pixels on the densest phone
JPEG_QUALITY = 85
MOST_PAGES = 300
MOST_PDF_OBJECTS = 100_000
MOST_ZIP_ENTRIES = 2_000
LARGEST_UNZIPPED = 100 * 1024 * 1024
LONGEST_NAME = 160

Kind = StoredFile.Kind
PICTURE_FORMATS = ("JPEG", "PNG", "WEBP")
OFFICE_TYPES = {
    "word/document.xml": (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
MACRO_PARTS = ("vbaproject", "vbadata", "activex", "oleobject", "macrosheets", "attachedtoolbars")
PDF_TRIGGERS = (
    "/OpenAction", "/AA", "/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/AF", "/XFA", "/RichMediaContent",
    "/Metadata", "/PieceInfo",
)  # fmt: skip
PDF_SAFE_ACTIONS = ("/URI", "/GoTo", "/Named")


class UploadRefused(Exception):
    """The file cannot be taken; the message names it and says what to do. `field` is for the form."""

    def __init__(self, message: str, field: str = "files"):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Clean:
    """A file that passed: what it really is and the bytes that may be stored."""

    name: str
    kind: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """A clean file on the disk that no row of the database needs to know yet."""

    path: str
    name: str
    kind: str
    content_type: str
    size: int
    sha256: str

    def columns(self) -> dict:
        """The columns of a StoredFile, without `file` and the person."""
        return {
            "name": self.name, "kind": self.kind, "content_type": self.content_type, "size": self.size,
            "sha256": self.sha256,
        }  # fmt: skip


# --- what a file really is --------------------------------------------------------------------------


def clean_upload(upload, *, field: str = "files") -> Clean:
    """The file as it may be stored, or UploadRefused. `upload` is a Django UploadedFile."""
    name = shown_name(upload.name)
    try:
        if upload.size > LARGEST_FILE:
            raise UploadRefused(
                f"Tệp “{name}” nặng {number(upload.size / 1048576, 1)} MB. Mỗi tệp tối đa 10 MB, hãy chọn tệp nhỏ hơn."
            )
        if not upload.size:
            raise UploadRefused(f"Tệp “{name}” trống. Hãy chọn tệp khác.")
        upload.seek(0)
        head = upload.read(1024)
        upload.seek(0)
        if b"%PDF-" in head:
            return _clean_pdf(upload, name)
        if head.startswith(b"PK"):
            return _clean_office(upload, name)
        return _clean_picture(upload, name)
    except UploadRefused as refusal:
        refusal.field = field
        raise


def shown_name(name: str) -> str:
    """What the sender called the file, fit to be shown: no folders, no control signs, not too long."""
    base = PurePath(nfc(name).replace("\\", "/")).name
    printable = "".join(sign for sign in base if sign.isprintable() and sign not in '<>"|')
    stem, dot, suffix = printable.rpartition(".")
    if dot and len(printable) > LONGEST_NAME:
        printable = f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return printable[:LONGEST_NAME] or "tệp không tên"


def _named(name: str, suffix: str) -> str:
    """The shown name with the ending of what the file has become."""
    stem = name.rpartition(".")[0] or name
    return f"{stem[: LONGEST_NAME - len(suffix)]}{suffix}"


def _clean_picture(upload, name) -> Clean:
    # The PDF engine switches this on for the whole process when it is first imported; half a picture
    # would then pass as evidence with grey where the rest was.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        # Pillow's own warning about bombs becomes an error by comparing here, before anything is decoded:
        # a filter for warnings would be shared by all threads of the server.
        picture = Image.open(upload, formats=PICTURE_FORMATS)
        if picture.width * picture.height > LARGEST_PICTURE:
            raise UploadRefused(
                f"Ảnh “{name}” quá lớn ({picture.width} × {picture.height} điểm). Hãy thu nhỏ rồi chọn lại."
            )
        # Lets the JPEG decoder skip what would be thrown away: a phone's picture in a third of the time.
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        canvas = on_fresh_canvas(picture, LONGEST_SIDE)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UploadRefused(f"Ảnh “{name}” quá lớn. Hãy thu nhỏ rồi chọn lại.") from error
    except UnidentifiedImageError as error:
        raise UploadRefused(
            f"Không nhận tệp “{name}”. Chỉ nhận ảnh JPG, PNG, WebP, tệp PDF, Word (docx) và Excel (xlsx)."
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise UploadRefused(f"Ảnh “{name}” bị hỏng, không mở được. Hãy chọn ảnh khác.") from error
    return Clean(_named(name, ".jpg"), Kind.PICTURE, "image/jpeg", as_jpeg(canvas))


def on_fresh_canvas(picture: Image.Image, side: int) -> Image.Image:
    """The picture upright, in plain colours, at most `side` pixels long, with nothing but its pixels."""
    picture.seek(0)
    upright = ImageOps.exif_transpose(picture)
    has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    drawn = upright.convert("RGBA" if has_holes else "RGB")
    drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", drawn.size, "white")
    canvas.paste(drawn, mask=drawn.getchannel("A") if has_holes else None)
    return canvas


def as_jpeg(canvas: Image.Image) -> bytes:
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()


def thumbnail(content) -> bytes:
    """A small JPEG of a stored picture."""
    with Image.open(content, formats=("JPEG",)) as picture:
        picture.draft("RGB", (THUMB_SIDE, THUMB_SIDE))
        return as_jpeg(on_fresh_canvas(picture, THUMB_SIDE))


def _clean_pdf(upload, name) -> Clean:
    try:
        with pikepdf.open(upload) as paper:
            if len(paper.pages) > MOST_PAGES:
                raise UploadRefused(f"Tệp “{name}” có hơn {MOST_PAGES} trang. Hãy tách ra rồi gửi phần cần thiết.")
            _disarm(paper, name)
            out = io.BytesIO()
            paper.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PasswordError as error:
        raise UploadRefused(f"Tệp “{name}” có mật khẩu. Hãy bỏ mật khẩu rồi chọn lại.") from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise UploadRefused(f"Tệp PDF “{name}” bị hỏng, không mở được. Hãy chọn tệp khác.") from error
    content = out.getvalue()
    if len(content) > LARGEST_FILE:
        raise UploadRefused(f"Tệp “{name}” quá lớn sau khi mở. Hãy tách ra rồi gửi phần cần thiết.")
    return Clean(_named(name, ".pdf"), Kind.PDF, "application/pdf", content)


def _disarm(paper: pikepdf.Pdf, name: str) -> None:
    """Take out everything that acts, hides a file or names a person; what is read on the pages stays."""
    if len(paper.objects) > MOST_PDF_OBJECTS:
        raise UploadRefused(f"Tệp “{name}” quá phức tạp. Hãy in lại thành PDF rồi chọn lại.")
    for key in ("/Metadata", "/Names"):
        if key in paper.Root:
            del paper.Root[key]
    if "/Info" in paper.trailer:
        del paper.trailer["/Info"]
    waiting = [paper.Root, *paper.objects]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            waiting += [part for part in thing if _is_nested(part)]
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            for key in PDF_TRIGGERS:
                if key in thing:
                    del thing[key]
            if "/A" in thing and not _is_safe_action(thing["/A"]):
                del thing["/A"]
            waiting += [part for _, part in thing.items() if _is_nested(part)]


def _is_nested(part) -> bool:
    """Written inside its parent; numbered objects come by themselves."""
    return isinstance(part, pikepdf.Array | pikepdf.Dictionary) and not part.is_indirect


def _is_safe_action(action) -> bool:
    return isinstance(action, pikepdf.Dictionary) and "/Next" not in action and action.get("/S") in PDF_SAFE_ACTIONS


def _clean_office(upload, name) -> Clean:
    spoilt = UploadRefused(f"Không nhận tệp “{name}”. Trong các tệp nén chỉ nhận Word (docx) và Excel (xlsx).")
    try:
        with zipfile.ZipFile(upload) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_ZIP_ENTRIES or sum(part.file_size for part in parts) > LARGEST_UNZIPPED:
                raise UploadRefused(f"Tệp “{name}” mở ra quá lớn. Hãy chia nhỏ hoặc in thành PDF rồi chọn lại.")
            names = {part.filename.lower() for part in parts}
            found = [kind for main, kind in OFFICE_TYPES.items() if main in names]
            if len(found) != 1 or "[content_types].xml" not in names:
                raise spoilt
            with packed.open("[Content_Types].xml") as listing:
                declared = listing.read(1024 * 1024).lower()
    except (zipfile.BadZipFile, NotImplementedError, KeyError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise spoilt from error
    carries_macros = any(bad in part for part in names for bad in MACRO_PARTS)
    if carries_macros or b"macroenabled" in declared or b"vbaproject" in declared:
        raise UploadRefused(f"Tệp “{name}” có macro. Hãy lưu lại thành docx, xlsx không có macro hoặc in thành PDF.")
    suffix, content_type = found[0]
    upload.seek(0)
    return Clean(_named(name, suffix), Kind.OFFICE, content_type, upload.read())


# --- files waiting for their form -------------------------------------------------------------------
# A chosen file must survive an error elsewhere in the form, and a browser never sends it a second time
# by itself. So a clean file is stored at once, and the form carries a signed ticket for it. What no
# row ever asks for is removed by `manage.py sweep_files` once its ticket is worthless.

TICKET_LIFE = timedelta(hours=24)
SALT = "branches.uploads"


def store(clean: Clean, folder: str = "evidence") -> Stored:
    """Write the file under a random name. No row points at it yet."""
    suffix = StoredFile.SUFFIXES.get(clean.content_type, ".bin")
    path = default_storage.save(f"{folder}/{uuid.uuid4().hex}{suffix}", ContentFile(clean.content))
    digest = hashlib.sha256(clean.content).hexdigest()
    return Stored(path, clean.name, clean.kind, clean.content_type, len(clean.content), digest)


def ticket_for(stored: Stored, *, account, form_key) -> str:
    """A signed note for the hidden field of the form; good for this account and this form only."""
    values = [stored.path, stored.name, stored.kind, stored.content_type, stored.size, stored.sha256]
    return signing.dumps([account.pk, str(form_key), values], salt=SALT)


def redeem(ticket: str, *, account, form_key) -> Stored | None:
    """The stored file a ticket stands for; None when it is false, somebody else's or too old."""
    try:
        owner, key, values = signing.loads(ticket, salt=SALT, max_age=TICKET_LIFE)
        stored = Stored(*values)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if owner != account.pk or key != str(form_key) or not default_storage.exists(stored.path):
        return None
    return stored
