"""Phone numbers, personal numbers and e-mail addresses as lists spoil them."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from .problems import Problem, fault, remark
from .texts import text_of

# The mobile numbers of eleven digits became ones of ten in September 2018: old beginning → new one.
RENUMBERED = {
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038",
    "0169": "039", "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083",
    "0124": "084", "0125": "085", "0127": "081", "0129": "082", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
MOBILE = re.compile(r"0[35789]\d{8}")
LANDLINE = re.compile(r"02\d{9}")
SHORTENED = re.compile(r"\s*(\d)[.,]?(\d*)\s*[eE]\+?(\d{1,2})\s*")  # 1.20099E+11: how Excel shows a long number
SEVERAL = re.compile(r"\s*(?:[/;,\n&|]|\s[-–]\s|\bhoặc\b|\bhoac\b|\bvà\b)\s*", re.IGNORECASE)
NOT_A_DIGIT = re.compile(r"\D+")
WIDE = re.compile(r"(\+?\d[\d .\-]{7,13}\d)\s+(\+?\d[\d .\-]{7,13}\d)")
PLAIN_ADDRESS = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}")
MAILTO = re.compile(r"^\s*(?:mailto:|e-?mail\s*:)\s*", re.IGNORECASE)


def restored(text: str) -> str | None:
    """The digits of a number shown as 1.20099012345E+11; None when some of them are gone, the text when it is none."""
    shown = SHORTENED.fullmatch(text)
    if not shown:
        return text
    whole, decimals, power = shown.groups()
    if len(decimals.rstrip("0")) + 4 < int(power):
        return None
    return str(int(Decimal(f"{whole}.{decimals or 0}E{power}")))


def _phone(text: str) -> tuple[str, bool]:
    """One number as it is dialled today ("" when it is none) and whether it was renumbered."""
    digits = NOT_A_DIGIT.sub("", text)
    if digits.startswith("0084"):
        digits = digits[4:]
    elif digits.startswith("84") and (len(digits) > 10 or text.lstrip().startswith("+")):
        digits = digits[2:]
    if digits and digits[0] != "0":
        digits = f"0{digits}"
    elif digits.startswith("00"):
        digits = digits[1:]
    if MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits):
        return digits, False
    if len(digits) == 11 and digits[:4] in RENUMBERED:
        return RENUMBERED[digits[:4]] + digits[4:], True
    return "", False


def read_phone(text: str) -> tuple[str, tuple[Problem, ...]]:
    """The number in the form 0912345678 and what there is to say about it."""
    number, renewed = _phone(text) if text.isdigit() else ("", False)
    if number and not renewed:
        return number, ()
    whole = restored(text)
    if whole is None:
        return "", (fault("phone", "lost_digits", f"Số “{text}” bị Excel rút gọn nên mất chữ số. "
                          "Hãy ghi lại đủ 10 chữ số."),)  # fmt: skip
    number, renewed = _phone(whole) if not re.search(r"[^\W\d_]", whole) and len(whole) < 20 else ("", False)
    said: tuple[Problem, ...] = ()
    if not number:
        parts = [part for part in SEVERAL.split(whole) if len(NOT_A_DIGIT.sub("", part)) > 6]
        if len(parts) < 2 and (wide := WIDE.fullmatch(whole)):
            parts = list(wide.groups())
        for part in parts:
            number, renewed = _phone(part)
            if number:
                break
        if number and len(parts) > 1:
            message = f"Ô có nhiều số “{text}”, chỉ nhập số {number}."
            said = (remark("phone", "two_numbers", message),)
    if not number:
        return "", (fault("phone", "bad_phone", f"Số điện thoại “{text}” không đúng. "
                          "Hãy ghi 10 chữ số, ví dụ 0912345678."),)  # fmt: skip
    if renewed:
        said += (remark("phone", "renumbered", f"Số 11 chữ số “{text}” đã đổi thành {number}."),)
    return number, said


def read_personal_number(raw: object) -> tuple[str, Problem | None]:
    """9 or 12 digits; zeros that a number lost at its front are given back."""
    text = text_of(raw)
    if len(text) == 12 and text[0] == "0" and text.isascii() and text.isdigit() and int(text):
        return text, None
    whole = restored(text)
    lost = fault("personal_number", "lost_digits", f"Số “{text}” bị Excel rút gọn nên mất chữ số. "
                 "Hãy đổi ô sang kiểu Văn bản (Text) rồi ghi lại đủ 12 chữ số.")  # fmt: skip
    if whole is None:
        return "", lost
    digits = NOT_A_DIGIT.sub("", whole)
    if len(digits) > 12 or re.search(r"[^\W\d_]", whole):  # "CCCD: 001…", "001… cấp ngày 1/2/2021", two numbers
        found = re.findall(r"(?<!\w)\d{12}(?!\w)|(?<!\w)\d{9}(?!\w)", whole)
        digits = found[0] if found else ""
    if len(digits) == 12 and digits.endswith("000000"):
        return "", lost
    if len(digits) in (8, 10, 11):  # 011234567 and 001099012345 as numbers
        digits = digits.zfill(9 if len(digits) == 8 else 12)
        if len(digits) == 12 and not (digits[:3] != "000" and digits[3] in "0123"):
            digits = ""
    if len(digits) in (9, 12) and int(digits):
        return digits, None
    return "", fault("personal_number", "bad_personal_number", f"Số căn cước “{text}” không đúng. "
                     "Hãy ghi đủ 12 chữ số (chứng minh cũ có 9).")  # fmt: skip


def read_email(text: str) -> tuple[str, Problem | None]:
    """The address in small letters; of several the first one."""
    if len(text) < 64 and PLAIN_ADDRESS.fullmatch(text):
        return text, None
    tidy = MAILTO.sub("", text).strip(" .,;<>\"'")
    several = [part for part in re.split(r"[;,/\s]+", tidy) if "@" in part and "." in part.rpartition("@")[2]]
    said = None
    if len(several) > 1 and all(part.count("@") == 1 for part in several):
        tidy = several[0]
        said = remark("email", "two_emails", f"Ô có nhiều địa chỉ “{text}”, chỉ nhập {tidy.lower()}.")
    name, _, host = tidy.replace(" ", "").rpartition("@")
    tidy = f"{name}@{host.replace(',', '.').replace('..', '.')}".lower().strip(".")
    try:
        validate_email(tidy)
    except ValidationError:
        tidy = ""
    if not tidy or not tidy.isascii() or "," in tidy:
        return "", fault("email", "bad_email", f"Địa chỉ “{text}” không đúng. Hãy ghi như ten@vidu.vn.")
    return tidy, said
