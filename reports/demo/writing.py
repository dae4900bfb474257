"""What the builder of reports keeps besides: a template of the superior's own, and a chapter with its earlier saves."""

import datetime

from branches.models import WorkArea
from reports.chapter_templates import add_chapter, change_chapter, change_settings, copy_template, split_areas
from reports.drafting import add_own, edit_sentence, move_sentence
from reports.models import PeriodReport, ReportTemplate

from .loading import Demo

UNIT, OFFICE = "so-tttt", "doan-khoi"


def build(demo: Demo) -> None:
    _template(demo)
    _saves(demo)


def _template(demo: Demo) -> None:
    """From next year on the union wants its building first of the results, and a chapter on new ways of working."""
    office, by = demo.units[OFFICE], demo.recorder(OFFICE, demo.today)
    source = ReportTemplate.objects.get(owner=None, name="Báo cáo năm")
    made = copy_template(source=source, unit=office, by=by, name="Báo cáo năm của Đoàn Khối")
    add_chapter(
        template=made, heading="Mô hình, cách làm mới", under="assessment", is_list=True, is_optional=True,
        hint="Mỗi mô hình một câu: làm gì, ai hưởng, kết quả đếm được.",
    )  # fmt: skip
    areas = WorkArea.objects.filter(code="building")
    building = split_areas(template=made, version=made.version, areas=areas)[0]
    change_chapter(
        chapter=building, version=made.version, heading="Xây dựng tổ chức Đoàn, tham gia xây dựng Đảng",
        hint="Nêu số đoàn viên ưu tú được giới thiệu, được kết nạp Đảng trong {span}.",
        is_list=False, is_optional=False,
    )  # fmt: skip
    merits = made.chapters.get(key="merits")
    change_chapter(
        chapter=merits, version=made.version, heading="Ưu điểm", is_list=False, is_optional=False,
        hint="Việc làm tốt gắn với nhiệm vụ chuyên môn, nêu kèm con số ở mục II.",
    )  # fmt: skip
    made.refresh_from_db()
    change_settings(
        template=made, version=made.version, name=made.name, kinds=made.kinds, for_theme=False,
        source="Hướng dẫn báo cáo của Đoàn Khối", starts_on=datetime.date(demo.today.year + 1, 1, 1), ends_on=None,
    )  # fmt: skip


def _saves(demo: Demo) -> None:
    """Last year's shortcomings were written, put more exactly, and put in order."""
    by = demo.recorder(UNIT, demo.today)
    report = PeriodReport.objects.get(unit=demo.units[UNIT], period=demo.year(demo.today.year - 1), theme="")
    section = report.sections.get(key="shortcomings")
    added = add_own(section=section, by=by, text="Còn đoàn viên chưa tham gia hoạt động nào trong năm.")
    first = section.sentences.order_by("position", "pk").first()
    edit_sentence(
        sentence=first, version=first.version, by=by,
        text="Sinh hoạt chi đoàn còn bỏ tháng 6 và tháng 12, lúc cao điểm chuyên môn.",
    )  # fmt: skip
    move_sentence(sentence=added, version=added.version, by=by, is_up=True)
