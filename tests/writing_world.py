"""The builder, in World and in the tables of access and attacks (report_worlds.py)."""

import datetime

from reports.models import PeriodReport, ReportSection, ReportTemplate, SectionRevision, TemplateChapter
from reports.revisions import stamp_of

from .access_people import FIGURES, READERS, may
from .factories import year

MAKERS = {"superior"}  # who leads the unit that owns the template
BESIDE = {"administrator"}  # reads there, and makes nothing

EXPECTED = {
    "reports:report_templates": may(READERS),
    "reports:report_template_copy": may({"secretary"}, FIGURES),
    "reports:report_template": may(MAKERS | BESIDE),
    **dict.fromkeys(
        (
            "reports:report_template_settings", "reports:report_template_drop", "reports:report_chapter_new",
            "reports:report_chapter_edit", "reports:report_chapter_step", "reports:report_areas_split",
        ),
        may(MAKERS, BESIDE),
    ),
    "reports:report_chapter_begin": may({"secretary"}, READERS),
    "reports:report_revisions": may(READERS),
    "reports:report_revision_restore": may({"secretary"}, READERS),
    "reports:report_sentence_autosave": may({"secretary"}, READERS),
}  # fmt: skip
POST_ONLY = {
    "reports:report_chapter_step", "reports:report_chapter_begin", "reports:report_revision_restore",
    "reports:report_sentence_autosave",
}  # fmt: skip
FORMS = {
    "reports:report_template_copy": ("secretary", lambda w: {"name": "Mẫu của chi đoàn"}),
    "reports:report_template_settings": ("superior", lambda w: {"name": "Mẫu của Đoàn Khối"}),
    "reports:report_template_drop": ("superior", lambda w: {}),
    "reports:report_chapter_new": ("superior", lambda w: {"heading": "Mô hình mới"}),
    "reports:report_chapter_edit": ("superior", lambda w: {"heading": "Thuận lợi trong kỳ"}),
    "reports:report_chapter_step": ("superior", lambda w: {"do": "down", "version": w.report_template.version}),
    "reports:report_areas_split": ("superior", lambda w: {"areas": ["building"]}),
    "reports:report_chapter_begin": ("secretary", lambda w: {"key": "causes"}),
    "reports:report_revision_restore": ("secretary", lambda w: {"number": "1", "seen": w.revision_seen}),
    "reports:report_sentence_autosave": ("secretary", lambda w: {"text": "Câu tự lưu.", "version": 1}),
}
ATTACKS = [
    ("reports:report_sentence", "to", lambda one: {"do": "move", "to": one.pk}, "other_section", "report_section"),
]
SPOILT = {
    "reports:report_template_copy": ("name",),
    "reports:report_template_settings": ("name", "kinds", "starts_on", "last_on"),
    "reports:report_chapter_new": ("heading", "under", "hint"),
    "reports:report_chapter_edit": ("heading", "hint", "version"),
    "reports:report_areas_split": ("areas", "version"),
    "reports:report_chapter_begin": ("key",),
    "reports:report_revision_restore": ("number", "seen"),
    "reports:report_sentence_autosave": ("text", "version"),
}


def add(world) -> None:
    """A template that the superior prepares, and a chapter with an earlier save."""
    common = ReportTemplate.objects.get(owner=None, name="Báo cáo năm")
    world.report_template = ReportTemplate.objects.create(
        owner=world.union, name="Báo cáo năm của Đoàn Khối", kinds=["year"], made_from=common,
        created_by=world.accounts["superior"],
    )  # fmt: skip
    world.common_template = common
    chapters = list(common.chapters.order_by("position"))
    for one in chapters:
        one.pk, one.template = None, world.report_template
    TemplateChapter.objects.bulk_create(chapters)
    world.template_chapter = world.report_template.chapters.get(key="advantages")
    world.report_section = ReportSection.objects.filter(report__unit=world.own).order_by("pk").first()
    at = datetime.datetime(2026, 11, 2, 8, tzinfo=datetime.UTC)
    saves = [
        SectionRevision.objects.create(
            section=world.report_section, number=number, begun_at=at, saved_at=at, note="Sửa câu",
            saved_by=world.accounts["secretary"],
            content=[{"id": 0, "source": "", "drafted": "", "text": text, "left_out": False}],
        )
        for number, text in ((1, "Câu đầu."), (2, "Câu sau."))
    ]  # fmt: skip
    world.revision_seen = stamp_of(saves[-1])
    world.other_section = ReportSection.objects.create(report=world.report, key="merits", position=2)


def add_far(far) -> None:
    """A chapter of a report elsewhere, for the attacks."""
    report = PeriodReport.objects.create(unit=far.unit, period=year(2026))
    far.report_section = ReportSection.objects.create(report=report, key="merits", position=1)


def objects(world) -> dict:
    """Address → the object it is about."""
    template = world.report_template
    return {
        **dict.fromkeys(
            (f"reports:report_{name}" for name in ("template", "template_settings", "template_drop", "chapter_new")),
            template,
        ),
        "reports:report_areas_split": template,
        "reports:report_chapter_begin": world.report,
        "reports:report_chapter_edit": world.template_chapter,
        "reports:report_chapter_step": world.template_chapter,
        "reports:report_revisions": world.report_section,
        "reports:report_revision_restore": world.report_section,
        "reports:report_sentence_autosave": world.report_section.sentences.order_by("pk").first(),
    }


def arguments(world) -> dict:
    """Address → its arguments, where they are more than one key."""
    return {
        "reports:report_templates": {"pk": world.own.pk},
        "reports:report_template_copy": {"pk": world.own.pk, "template": world.common_template.pk},
    }
