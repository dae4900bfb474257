"""Discipline of a unit: who opens and decides, votes by the rule of the measure, what is read and printed."""

import datetime
import html
import re
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from branches.disciplining import (
    DisciplineRefused,
    decide_case,
    discipline_figures,
    dismiss_case,
    lift_case,
    measures_for,
    note_appeal,
    open_case,
    open_unit_case,
    review_case,
)
from branches.disciplining_units import disbanding_case, dissolving_values, superior_of
from branches.models import Activity, Discipline, DisciplineAccess, Period, Post
from branches.restructuring import dissolve_unit
from reports.papers.merit import discipline_decision_html, discipline_minutes_html
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
OPENED, VOTED, DECIDED, ENDED = (datetime.date(2026, month, 5) for month in (8, 9, 10, 11))


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


class Scene:
    """Tỉnh đoàn ─ Đoàn Khối ─┬─ Chi đoàn Sở: the case is about it; its secretary
    └─ Chi đoàn khác: a stranger"""

    def __init__(self):
        self.province = UnionFactory(name="Tỉnh đoàn", kind="province")
        self.union = UnionFactory(name="Đoàn Khối", superior=self.province)
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở")
        self.secretary = account_at(self.branch)
        self.office = account_at(self.union, "superior_office")
        self.provincial = account_at(self.province, "superior_office")
        self.stranger = account_at(UnitFactory(superior=self.union, name="Chi đoàn khác"))

    def open(self, **said):
        values = {"unit": self.branch, "opened_on": OPENED, "facts": "Sáu tháng không sinh hoạt", "by": self.office}
        return open_unit_case(on=TODAY, **values | said)

    def review(self, case, proposed="warning", **said):
        """15 in the committee, 12 there, 10 for: two thirds of 15 are 10."""
        vote = {
            "voted_on": VOTED, "is_secret": True, "entitled": 15, "present": 12, "issued": 12, "returned": 12,
            "invalid": 0, "votes_for": 10, "votes_against": 2,
        }  # fmt: skip
        return review_case(case=case, proposed=proposed, by=self.office, on=TODAY, vote=vote | said)

    def decide(self, case, measure="warning", by=None, **said):
        values = {"decision": "12-QĐ/ĐK", "decided_on": DECIDED, "by": by or self.office, "on": TODAY}
        return decide_case(case=case, measure=measure, **values | said)

    def disbanded(self):
        return self.decide(
            self.review(self.open(), "disbandment"), "disbandment", by=self.provincial, decision="7-QĐ/TĐTN"
        )  # fmt: skip


@pytest.fixture
def scene(db):
    return Scene()


def refusal(act) -> dict:
    with pytest.raises(DisciplineRefused) as refused:
        act()
    return refused.value.errors


def text_of(answer) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def words_of(paper: str) -> str:
    body = html.unescape(re.sub(r"<[^>]+>", " ", paper)).replace("\xa0", " ")
    return re.sub(r"\s+([,.;:])", r"\1", " ".join(body.split()))


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


# --- verbs ----------------------------------------------------------------------------------------


def test_case_of_a_unit_goes_its_way(scene):
    case = scene.open()
    assert (case.is_of_unit, case.whom, case.measures) == (True, "Chi đoàn Sở", Discipline.OF_UNITS)
    case = scene.decide(scene.review(case))
    assert (case.state, case.measure, case.decided_by_body) == ("decided", "warning", "Ban Chấp hành Đoàn Khối")
    case = note_appeal(case=case, appealed_on=ENDED, note="Xin xem lại", on=TODAY)
    case = lift_case(case=case, ended_on=ENDED, note="Đã khắc phục", by=scene.office, on=TODAY)
    assert case.state == "lifted"


def test_one_open_case_of_a_unit_and_beside_it_those_of_its_members(scene):
    scene.open()
    again = {"": "Chi đoàn Sở đang có một hồ sơ chưa xong. Hãy mở hồ sơ đó."}
    assert refusal(scene.open) == again
    member = MemberFactory(home=scene.branch)
    open_case(member=member, opened_on=OPENED, facts="Khác", by=scene.secretary, on=TODAY)
    assert Discipline.objects.open().count() == 2


def test_a_dissolved_unit_is_not_looked_at(scene):
    dissolve_unit(by=None, unit=scene.branch, today=TODAY, on=ENDED, decision="1", decided_on=ENDED)
    assert refusal(scene.open) == {"": "Chi đoàn Sở đã giải thể từ 05/11/2026."}


@pytest.mark.parametrize("measure", ["removal", "expulsion", "", "x"])
def test_measures_against_persons_are_none_against_units(scene, measure):
    case = scene.open()
    assert refusal(lambda: scene.review(case, measure)) == {"proposed": "Hãy chọn hình thức đã biểu quyết."}
    case = scene.review(case)
    assert refusal(lambda: scene.decide(case, measure)) == {"measure": "Hãy chọn hình thức kỷ luật."}


def test_and_disbandment_is_none_against_a_person(scene):
    member = MemberFactory(home=scene.branch)
    case = open_case(member=member, opened_on=OPENED, facts="Khác", by=scene.secretary, on=TODAY)
    assert refusal(lambda: scene.review(case, "disbandment")) == {"proposed": "Hãy chọn hình thức đã biểu quyết."}
    for rows, measure in (({"pk": case.pk}, "disbandment"), ({"pk": scene.open().pk}, "expulsion")):
        with pytest.raises(IntegrityError, match="discipline_measure"), transaction.atomic():
            Discipline.objects.filter(**rows).update(measure=measure)


@pytest.mark.parametrize(
    ("proposed", "said", "errors"),
    [
        # More than half of the 12 there are 7; of 15 entitled, two thirds are 10.
        ("warning", {"votes_for": 7, "votes_against": 5}, None),
        ("warning", {"votes_for": 6, "votes_against": 6}, {"votes_for"}),
        ("disbandment", {"votes_for": 10, "votes_against": 2}, None),
        ("disbandment", {"votes_for": 9, "votes_against": 3}, {"votes_for"}),
        ("reprimand", {"present": 10, "issued": 10, "returned": 10, "votes_for": 8}, None),
        ("reprimand", {"present": 9, "issued": 9, "returned": 9, "votes_for": 7}, {"votes_for"}),
        ("warning", {"is_secret": False}, {"is_secret"}),
        ("warning", {"voted_on": datetime.date(2026, 8, 4)}, {"voted_on"}),
    ],
)
def test_the_vote_is_read_by_the_rule_of_its_measure(scene, proposed, said, errors):
    case = scene.open()
    if errors is None:
        assert scene.review(case, proposed, **said).proposed == proposed
        return
    assert set(refusal(lambda: scene.review(case, proposed, **said))) == errors
    case.refresh_from_db()
    assert (case.state, case.proposed, case.present) == ("opened", "", None)


def test_words_of_a_refused_vote(scene):
    case = scene.open()
    hand = refusal(lambda: scene.review(case, is_secret=False))
    assert hand == {"is_secret": "Kỷ luật tổ chức Đoàn phải bỏ phiếu kín."}
    lost = refusal(lambda: scene.review(case, "disbandment", votes_for=9, votes_against=3))
    assert lost["votes_for"].startswith(
        "Không thông qua: tán thành 9/15 người được biểu quyết, cần từ 10; có mặt 12/15."
    )


def test_the_superior_warns_and_the_body_above_it_disbands(scene):
    case = scene.review(scene.open(), "disbandment")
    assert measures_for(case, scene.office, on=DECIDED) == ["reprimand", "warning"]
    assert measures_for(case, scene.provincial, on=DECIDED) == ["reprimand", "warning", "disbandment"]
    assert measures_for(case, scene.secretary, on=DECIDED) == measures_for(case, scene.stranger, on=DECIDED) == []
    above = {"measure": "Giải tán do cấp trên của Đoàn cấp trên trực tiếp quyết định."}
    assert refusal(lambda: scene.decide(case, "disbandment")) == above
    case = scene.decide(case, "disbandment", by=scene.provincial)
    assert case.decided_by_body == "Ban Chấp hành Tỉnh đoàn"


def test_where_nobody_decides_above_the_papers_are_written_down_below(scene):
    Post.objects.filter(account=scene.provincial).delete()
    case = scene.review(scene.open(), "disbandment")
    assert "disbandment" in measures_for(case, scene.office, on=DECIDED)
    assert scene.decide(case, "disbandment").decided_by_body == "Ban Chấp hành Tỉnh đoàn"
    Post.objects.filter(account=scene.office).delete()
    other = UnitFactory(superior=scene.union)
    keeper = account_at(other)
    case = open_unit_case(unit=other, opened_on=OPENED, facts="Khác", by=keeper, on=TODAY)
    assert measures_for(case, keeper, on=DECIDED) == ["reprimand", "warning", "disbandment"]


def test_disbanding_dissolves_nothing_and_cannot_be_lifted(scene):
    MemberFactory(home=scene.branch)
    case = scene.disbanded()
    scene.branch.refresh_from_db()
    assert scene.branch.dissolved_on is None
    assert scene.branch.members.filter(is_active=True).count() == 1
    assert disbanding_case(scene.branch) == case
    last = {"": "Đơn vị đã giải tán không công nhận sửa chữa; muốn có lại thì thành lập mới."}
    assert refusal(lambda: lift_case(case=case, ended_on=ENDED, note="x", by=scene.office, on=TODAY)) == last
    filled = {"decision": "7-QĐ/TĐTN", "decided_on": DECIDED, "on": DECIDED}
    assert dissolving_values(scene.office, scene.branch) == filled
    assert dissolving_values(scene.stranger, scene.branch) == {}


def test_a_unit_is_no_disciplined_member_in_any_figure(scene):
    scene.disbanded()
    figures = discipline_figures([scene.union], Period.objects.year(2026))
    assert figures == {scene.union.pk: {"reprimand": 0, "warning": 0, "removal": 0, "expulsion": 0}}
    assert not Activity.objects.filter(fed_by__startswith="discipline:").exists()


def test_superior_is_the_unit_directly_above(scene):
    assert superior_of(scene.branch) == scene.union
    assert superior_of(scene.union) == scene.province
    assert superior_of(scene.province) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_open_one():
    scene, start, found = Scene(), threading.Barrier(2), []

    def run():
        try:
            start.wait(timeout=20)
            scene.open()
            found.append("made")
        except DisciplineRefused:
            found.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["made", "refused"]
    assert Discipline.objects.count() == 1


# --- pages ----------------------------------------------------------------------------------------


def test_case_goes_its_way_by_the_pages_and_leads_to_dissolving(client, scene):
    client.force_login(scene.office)
    assert "Xem xét kỷ luật đơn vị" in text_of(client.get(reverse("branches:discipline_list", args=[scene.branch.pk])))
    new = reverse("branches:discipline_unit_new", args=[scene.branch.pk])
    assert client.post(new, key() | {"opened_on": "05/08/2026", "facts": "Không sinh hoạt"}).status_code == 302
    case = Discipline.objects.get()
    review = reverse("branches:discipline_review", args=[case.pk])
    page = text_of(client.get(review))
    whom = "số ủy viên Ban Chấp hành Đoàn cấp trên"
    assert f"Giải tán: có mặt từ 2/3 {whom}, bỏ phiếu kín, từ 2/3 {whom} tán thành." in page
    assert f"Khiển trách, cảnh cáo: có mặt từ 2/3 {whom}, bỏ phiếu kín, quá 1/2 số có mặt tán thành." in page
    assert "Khai trừ" not in page
    vote = {
        "proposed": "disbandment", "voted_on": "05/09/2026", "is_secret": "on", "entitled": "15", "present": "12",
        "issued": "12", "returned": "12", "invalid": "0", "votes_for": "10", "votes_against": "2", "abstentions": "0",
    }  # fmt: skip
    assert client.post(review, key() | vote).status_code == 302
    decide = reverse("branches:discipline_decide", args=[case.pk])
    assert "Giải tán</label>" not in text_of(client.get(decide))  # the office may not
    client.force_login(scene.provincial)
    said = {"measure": "disbandment", "decision": "7-QĐ/TĐTN", "decided_on": "05/10/2026"}
    assert client.post(decide, key() | said).status_code == 302
    page = text_of(client.get(reverse("branches:discipline", args=[case.pk])))
    dissolve = reverse("branches:unit_dissolve", args=[scene.branch.pk])
    assert "Đã quyết định giải tán, đơn vị chưa được ghi giải thể." in page
    assert dissolve in page
    form = client.get(dissolve).context["form"]
    assert [form[name].value() for name in ("decision", "decided_on", "on")] == ["7-QĐ/TĐTN", DECIDED, DECIDED]


def test_the_units_own_officers_read_and_appeal_and_write_nothing_else(client, scene):
    case = scene.decide(scene.review(scene.open()))
    client.force_login(scene.secretary)
    page = text_of(client.get(reverse("branches:discipline", args=[case.pk])))
    assert "Sáu tháng không sinh hoạt" in page
    assert "Ghi khiếu nại" in page
    assert "Công nhận sửa chữa" not in page
    assert DisciplineAccess.objects.get().account == scene.secretary
    opened = scene.open()
    statuses = {
        name: client.get(reverse(f"branches:discipline_{name}", args=[opened.pk])).status_code
        for name in ("edit", "review", "decide", "dismiss")
    }
    statuses["unit_new"] = client.get(reverse("branches:discipline_unit_new", args=[scene.branch.pk])).status_code
    statuses["lift"] = client.get(reverse("branches:discipline_lift", args=[case.pk])).status_code
    statuses["appeal"] = client.get(reverse("branches:discipline_appeal", args=[case.pk])).status_code
    assert statuses == {
        "edit": 403, "review": 403, "decide": 403, "dismiss": 403, "unit_new": 403, "lift": 403, "appeal": 200,
    }  # fmt: skip


def test_others_find_nothing(client, scene):
    case = scene.open()
    accounts = {"stranger": scene.stranger, "member": account_at(scene.branch, "member")}
    accounts["committee"] = account_at(scene.branch, "committee_member")
    for name, account in accounts.items():
        client.force_login(account)
        assert client.get(reverse("branches:discipline", args=[case.pk])).status_code == 404, name
        assert client.get(reverse("branches:discipline_unit_new", args=[scene.branch.pk])).status_code == 404, name
        assert client.get(reverse("reports:discipline_decision_pdf", args=[case.pk])).status_code == 404, name
    assert not DisciplineAccess.objects.exists()


def test_dismissed_by_those_above(client, scene):
    case = scene.open()
    case = dismiss_case(case=case, ended_on=ENDED, note="Không có căn cứ", by=scene.office, on=TODAY)
    assert case.state == "dismissed"
    assert scene.open().state == "opened"


# --- papers ---------------------------------------------------------------------------------------


def test_decision_of_a_warning_word_by_word(scene):
    case = scene.review(scene.open())
    assert "(DỰ THẢO, CHƯA QUYẾT ĐỊNH)" in words_of(discipline_decision_html(case, on=TODAY)[0])
    text = words_of(discipline_decision_html(scene.decide(case), on=TODAY)[0])
    for line in (
        "Số: 12-QĐ/ĐK",
        "ngày 05 tháng 10 năm 2026",
        "Về việc thi hành kỷ luật đối với Chi đoàn Sở",
        "BAN CHẤP HÀNH ĐOÀN KHỐI",
        "- Căn cứ kết quả họp xét kỷ luật ngày 05/09/2026 của Ban Chấp hành Đoàn Khối (có mặt 12/15, 10 phiếu tán "
        "thành hình thức cảnh cáo);",
        "- Xét nội dung vi phạm của Chi đoàn Sở:",
        "Sáu tháng không sinh hoạt",
        "Điều 1. Thi hành kỷ luật bằng hình thức cảnh cáo đối với Chi đoàn Sở.",
        "Điều 2. Chi đoàn Sở kiểm điểm, khắc phục vi phạm và báo cáo Đoàn cấp trên trực tiếp; Quyết định được công "
        "bố trong đơn vị. Chi đoàn Sở có quyền khiếu nại theo Điều lệ.",
        "Điều 3. Chi đoàn Sở và các đơn vị liên quan thực hiện Quyết định này, có hiệu lực từ ngày ký./.",
        "- Chi đoàn Sở (để t/h);",
        "- Lưu Đoàn Khối.",
    ):
        assert line in text, line
    assert "DỰ THẢO" not in text
    assert "đồng chí" not in text


def test_decision_of_a_disbandment_is_the_paper_of_the_body_above(scene):
    text = words_of(discipline_decision_html(scene.disbanded(), on=TODAY)[0])
    for line in (
        "Số: 7-QĐ/TĐTN", "Về việc giải tán Chi đoàn Sở", "BAN CHẤP HÀNH TỈNH ĐOÀN", "Điều 1. Giải tán Chi đoàn Sở.",
        "Đoàn cấp trên trực tiếp sắp xếp nơi sinh hoạt cho đoàn viên, tiếp nhận hồ sơ, quỹ và đoàn phí của Chi đoàn "
        "Sở.",
        "- Đoàn Khối;", "- Lưu Tỉnh đoàn.",
    ):  # fmt: skip
        assert line in text, line


def test_minutes_are_those_of_the_committee_above(scene):
    text = words_of(discipline_minutes_html(scene.review(scene.open(), "disbandment"))[0])
    for line in (
        "Ngày 05/09/2026, Ban Chấp hành Đoàn Khối họp xét kỷ luật Chi đoàn Sở.",
        "1. Thành phần: tổng số 15 ủy viên được biểu quyết, có mặt 12.",
        "5. Kết quả bỏ phiếu kín hình thức giải tán: phát ra 12 phiếu, thu về 12 phiếu, không hợp lệ 0 phiếu; tán "
        "thành 10, không tán thành 2, ý kiến khác 0.",
        "Thông qua: tán thành 10/15 người được biểu quyết, cần từ 10; có mặt 12/15.",
        "- Tỉnh đoàn;",
    ):
        assert line in text, line
