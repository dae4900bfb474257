"""Pages of a round: reminding those whose day is near, and a report that comes when the round is closed."""

import io
import re

import pytest
from openpyxl import load_workbook

from reports.models import RoundUnit
from reports.rounds import close_round

from .test_rounds import OPENED, Scene
from .test_rounds_pages import DAY, _today, go, text

__all__ = ["_today", "go"]  # fixtures


@pytest.fixture
def scene(db):
    return Scene()


def test_near_ones_are_reminded_by_a_button_of_their_own(scene, go):
    round = scene.open(due_on=DAY(2026, 1, 20))  # ten days from today: near, and nobody is late
    page = text(go(scene.office, "round", round.pk))
    assert "Nhắc 3 đơn vị sắp đến hạn" in page
    assert "quá hạn</button>" not in page
    go(scene.office, "round_remind", round.pk, data={"who": "near"})
    page = text(go(scene.office, "round", round.pk))
    assert "Hôm nay đã nhắc 3 đơn vị." in page
    assert "sắp đến hạn</button>" not in page
    go(scene.office, "round_remind", round.pk, data={})  # the other button reminds nobody before the day
    assert set(RoundUnit.objects.values_list("reminders", flat=True)) == {1}


def test_a_report_for_a_closed_round_is_taken_and_marked(scene, go):
    round = scene.open()
    close_round(round=round, version=1, by=scene.office, on=OPENED, missing=[one.pk for one in scene.units])
    report = scene.begin(0)
    secretary = scene.secretaries[report.unit_id]
    page = text(go(secretary, "report_submit", report.pk))
    assert "Báo cáo năm 2025 đã khép ngày 01/12/2025. Vẫn nộp được" in page
    go(secretary, "report_submit", report.pk, data={"version": 1, "dated_on": "10/01/2026"})
    page = text(go(scene.office, "round", round.pk))
    assert "nộp sau khi khép đợt" in page
    assert "?loc=sau-khep" in page
    only = text(go(scene.office, "round", round.pk, query="?loc=sau-khep"))
    names = re.findall(r'role="rowheader"[^>]*>(?:<a[^>]*>)?(Chi đoàn .)', only)
    assert names == ["Chi đoàn A"]
    sheet = load_workbook(io.BytesIO(go(scene.office, "round_xlsx", round.pk).content)).active
    assert [row[9].value for row in list(sheet.rows)[-3:]] == ["Nộp sau khi khép đợt", None, None]
