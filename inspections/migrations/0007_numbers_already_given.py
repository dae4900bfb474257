"""Numbers typed so far stand in the register, so that the next one follows them and none comes twice."""

import datetime
import re

from django.db import migrations

from branches.vietnamese import nfc, plain

TYPED = re.compile(r"(\d{1,5})\s*[-–]?\s*([^\W\d_]{1,4})\s*/\s*(\S.*)")
REASON = "Số đã cấp trước khi có sổ trên phần mềm"
ONE_DAY = datetime.timedelta(days=1)


def forward(apps, schema_editor):
    programmes = apps.get_model("inspections", "InspectionProgramme").objects.select_related("unit").order_by("pk")
    for row in programmes.exclude(number="").exclude(issued_on=None):
        code = "KH" if row.title.lower().startswith("kế hoạch") else "CTr"
        about = f"Chương trình kiểm tra, giám sát: {row.title}"
        _enter(
            apps, row, code, row.number, row.issued_on, about, _saved_by(apps, "Programme", row.pk, number=row.number)
        )
    cases = apps.get_model("inspections", "Inspection").objects.select_related("programme__unit", "unit").order_by("pk")
    for row in cases.exclude(conclusion_number="").exclude(concluded_on=None):
        told = "kết luận kiểm tra" if row.inspection_kind else "kết quả giám sát"
        about = f"Thông báo {told}: {row.title}, {row.unit.name}"
        number = row.conclusion_number
        _enter(
            apps, row.programme, "TB", number, row.concluded_on, about,
            _saved_by(apps, "", row.pk, conclusion_number=number),
        )  # fmt: skip


def _saved_by(apps, name, pk, **said):
    """Who typed it, as far as the history knows."""
    rows = apps.get_model("inspections", f"HistoricalInspection{name}").objects
    saved = rows.filter(id=pk, history_user_id__isnull=False, **said).order_by("history_date", "history_id").first()
    return saved and saved.history_user_id


def _enter(apps, programme, code, text, on, about, by):
    """The row of the register; the book goes on after it also where nobody knows who took the number."""
    typed, unit = TYPED.fullmatch(nfc(text).strip()), programme.unit
    if not typed or not int(typed[1]) or typed[2].lower() != code.lower():
        return
    number, body = int(typed[1]), "" if programme.in_name_of == "committee" else "UBKT"
    book, _ = apps.get_model("branches", "NumberBook").objects.get_or_create(
        unit_id=unit.pk, body=body, type_code=code, key=_key(apps, unit, on)
    )
    if number > book.last:
        book.last = number
        book.save(update_fields=["last"])
    numbers = apps.get_model("branches", "PaperNumber").objects
    if by is None or numbers.filter(book=book, number=number).exists():
        return
    symbol = f"{number:02d}-{code}/{body or f'{unit.document_code}-UBKT'}"
    numbers.create(
        book=book, number=number, symbol=symbol, state="used", about=about[:300], dated_on=on, reason=REASON,
        taken_by_id=by, search_text=plain(f"{symbol} {about}")[:400],
    )  # fmt: skip


def _key(apps, unit, on):
    terms = apps.get_model("branches", "Period").objects.filter(kind="term", unit_id=unit.pk)
    term = terms.filter(starts_on__lte=on, ends_on__gt=on).order_by("-starts_on", "-pk").first()
    return f"NK {term.starts_on.year}-{(term.ends_on - ONE_DAY).year}" if term else str(on.year)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0006_ready_made_checklists"), ("branches", "0015_paper_numbers")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
