"""For access_world: a draft checklist of the union's committee, and the items, notes and photos of a case."""

import uuid

from django.core.files.base import ContentFile
from django.utils import timezone

from inspections.models import ChecklistItem, ChecklistTemplate, SiteEntry, SiteFile, TemplateItem


def add_checklists(world) -> None:
    """A draft with an item; in the concluded case an item, a note that differs, a photo of the team."""
    world.checklist = ChecklistTemplate.objects.create(unit=world.union, code="phieu", name="Phiếu đang soạn")
    world.checklist_line = TemplateItem.objects.create(template=world.checklist, topic="Nền nếp", text="Họp đều")
    world.item = ChecklistItem.objects.create(
        inspection=world.case, topic="Nền nếp", text="Họp đều hằng tháng", fact="members"
    )
    world.entry = SiteEntry.objects.create(
        client_id=uuid.uuid4(), inspection=world.case, item=world.item, result="met", state="differs",
        written_at=timezone.now(), written_by=world.accounts["inspector"],
    )  # fmt: skip
    world.site_photo = SiteFile(inspection=world.case, item=world.item, kind="picture", content_type="image/jpeg")
    world.site_photo.name = "ảnh.jpg"
    world.site_photo.file.save("a.jpg", ContentFile(b"\xff\xd8\xff"))


def checklist_objects(world) -> dict:
    """{address: the object it is about}."""
    template, line = world.checklist, world.checklist_line
    names = ("template", "template_copy", "template_edit", "template_item_new", "template_use", "template_drop")
    lines = ("template_item_edit", "template_item_remove")
    cases = (
        "case_checklist", "case_checklist_add", "self_check", "site", "site_worker", "site_send", "site_photo",
    )  # fmt: skip
    items, files = ("case_checklist_remove", "self_check_item"), ("site_file", "site_file_remove")
    found = dict.fromkeys(names, template) | dict.fromkeys(lines, line) | dict.fromkeys(cases, world.case)
    found |= dict.fromkeys(items, world.item) | dict.fromkeys(files, world.site_photo) | {"site_choose": world.entry}
    return {f"inspections:{name}": one for name, one in found.items()}


def checklist_arguments(world) -> dict:
    """{address: its arguments, where they are more than one key}."""
    return {"inspections:case_fact": {"pk": world.case.pk, "key": "members"}}
