"""What the tests of activities share: the addresses, a filled log form, and what an answer says."""

import datetime
import io
import uuid
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from branches.models import Evidence
from tests.factories import ActivityFactory, IndicatorFactory, MemberFactory, ParticipationFactory, QuantityFactory

TODAY = datetime.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
TOMORROW = TODAY + datetime.timedelta(days=1)


def picture(name="ảnh.jpg", colour="red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())


def typed(*rows, **fields) -> dict:
    """What the log form sends; a row is (indicator, {field: text})."""
    data = {
        "form_key": str(uuid.uuid4()),
        "title": "Tặng quà hộ nghèo",
        "day": TODAY.isoformat(),
        "organiser": "own",
        "do": "save",
        "quantity": [str(indicator.pk) for indicator, _ in rows],
    }
    for indicator, texts in rows:
        data |= {f"q{indicator.pk}-{name}": text for name, text in ({"qualifier": "exact"} | texts).items()}
    return data | fields


def new_url(unit) -> str:
    return reverse("branches:activity_new", args=[unit.pk])


def list_url(unit, query="") -> str:
    return reverse("branches:activity_list", args=[unit.pk]) + query


def titles(response) -> list[str]:
    return [row.title for row in response.context["page"].rows]


def errors_of(response) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


def edit_url(activity, name="activity_edit") -> str:
    return reverse(f"branches:{name}", args=[activity.pk])


def fill(unit, count):
    """So many activities of the unit, each with a result, a participant and a link."""
    blood = IndicatorFactory()
    for _ in range(count):
        activity = ActivityFactory(unit=unit)
        QuantityFactory(activity=activity, indicator=blood)
        ParticipationFactory(activity=activity, member=MemberFactory(home=unit))
        Evidence.objects.create(activity=activity, link="https://vidu.vn/1")
