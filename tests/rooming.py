"""What the tests of the evidence room need: days, proofs, and the room of a case of the scene."""

import datetime
import io
import zipfile

from django.core.files.base import ContentFile
from django.utils import timezone

from branches.models import Evidence
from inspections.models import Inspection
from reports.evidence_room.room import Room
from tests.factories import ActivityFactory
from tests.inspecting import TODAY, planned

Day = datetime.date
NBSP = "\u00a0"
NOON = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=timezone.get_default_timezone())


def at(month, day, year=2026):
    return datetime.datetime(year, month, day, 8, tzinfo=timezone.get_default_timezone())


def proof(activity, name="anh.jpg", content=b"anh", **more) -> Evidence:
    row = Evidence(activity=activity, kind="picture", content_type="image/jpeg", name=name, size=len(content), **more)
    row.file.save("x", ContentFile(content))
    return row


def held(branch, *days):
    return [ActivityFactory(unit=branch, title=f"Việc ngày {one:%d/%m/%Y}", starts_on=one, last_on=one) for one in days]


def room_of(s, **fields) -> Room:
    """The case looks at 01/01/2026 to 30/09/2026."""
    return Room(Inspection.objects.select_related("unit", "programme__unit").get(pk=planned(s, **fields).pk), TODAY)


def cells(section, part=0) -> list[tuple]:
    return [row.cells for row in section.parts[part].rows]


def unpacked(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
