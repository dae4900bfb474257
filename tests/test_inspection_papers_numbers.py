"""Numbers of inspection papers and the register: offered, taken, typed, changed; nothing stands there twice."""

import datetime
import uuid

import pytest
from django.urls import reverse

from branches.models import PaperNumber
from inspections.conducting import conclude, give_number
from inspections.issuing import issue_paper
from inspections.models import CasePaper
from inspections.papering import begin_paper
from inspections.programming import change_programme, issue_programme
from inspections.states import InspectionRefused
from tests.papering import NOTICE, PROGRAMMED, CaseA, concluded_case, draft_of_a_year, planned_case, visited_case

pytestmark = pytest.mark.django_db
Day = datetime.date


def key() -> dict:
    return {"form_key": str(uuid.uuid4())}


def standing(code: str) -> list[tuple[str, str, str]]:
    """Symbol, state and reason of every number of this type."""
    rows = PaperNumber.objects.filter(book__type_code=code).order_by("number")
    return list(rows.values_list("symbol", "state", "reason"))


@pytest.fixture
def _on_the_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: NOTICE)


@pytest.mark.usefixtures("_on_the_day")
def test_the_form_of_the_conclusion_offers_the_next_number_and_takes_it(client):
    a = concluded_case()  # 11-TB/ĐTN-UBKT
    case = a.sister(1, visited=True)
    client.force_login(a.chair)
    url = reverse("inspections:conclude", args=[case.pk])
    form = client.get(url).context["form"]
    assert form["number"].value() == "12-TB/ĐTN-UBKT"
    assert [form[name].value() for name in ("signer_capacity", "signer_post")] == ["TM. BAN CHẤP HÀNH", "BÍ THƯ"]
    sent = {name: form[name].value() for name in ("number", "version")} | {"concluded_on": "05/12/2019"} | key()
    assert client.post(url, sent).status_code == 302
    case.refresh_from_db()
    notice = CasePaper.objects.get(inspection=case)
    assert (case.conclusion_number, notice.number, notice.entry.symbol) == ("12-TB/ĐTN-UBKT",) * 3
    assert standing("TB") == [("11-TB/ĐTN-UBKT", "used", "Số do người ban hành ghi"), ("12-TB/ĐTN-UBKT", "used", "")]


@pytest.mark.usefixtures("_on_the_day")
def test_a_number_taken_meanwhile_is_told_at_its_field_and_nothing_is_concluded(client):
    a = concluded_case()
    cases = [a.sister(place, visited=True) for place in (1, 2)]
    client.force_login(a.chair)
    urls = [reverse("inspections:conclude", args=[case.pk]) for case in cases]
    sent = [
        {"number": "12-TB/ĐTN-UBKT", "version": client.get(url).context["form"]["version"].value(),
         "concluded_on": "05/12/2019"} for url in urls
    ]  # fmt: skip
    assert client.post(urls[0], sent[0] | key()).status_code == 302
    page = client.post(urls[1], sent[1] | key())
    said = "Số 12-TB/ĐTN-UBKT đã dùng: Thông báo kết luận kiểm tra: Kiểm tra công tác Đoàn, Chi đoàn số 1. "
    assert page.context["form"].errors == {"number": [f"{said}Số tiếp theo trong sổ là 13."]}
    cases[1].refresh_from_db()
    assert (cases[1].concluded_on, cases[1].state) == (None, "visited")


@pytest.mark.usefixtures("_on_the_day")
def test_without_a_number_it_goes_out_with_dots_and_the_number_is_offered_later(client):
    a = visited_case()
    case = a.fresh()
    conclude(inspection=case, version=case.version, by=a.chair, on=NOTICE, concluded_on=NOTICE)
    client.force_login(a.chair)
    form = client.get(reverse("inspections:conclude", args=[case.pk])).context["form"]
    assert form["number"].value() == "01-TB/ĐTN-UBKT"
    case = a.fresh()
    give_number(inspection=case, version=case.version, by=a.chair, number=" 1TB/ĐTN-UBKT ")
    assert (a.fresh().conclusion_number, CasePaper.objects.get().number) == ("01-TB/ĐTN-UBKT",) * 2
    assert standing("TB") == [("01-TB/ĐTN-UBKT", "used", "")]


@pytest.mark.parametrize(
    ("typed", "kept", "entered"),
    [("9TB/ĐTN-UBKT", "09-TB/ĐTN-UBKT", True), ("09 - TB / ĐTN-UBKT", "09-TB/ĐTN-UBKT", True),
     ("9-TB/UBKT", "9-TB/UBKT", True), ("Thông báo số 9", "Thông báo số 9", False), ("9-KL/ĐTN", "9-KL/ĐTN", False)],
)  # fmt: skip
def test_a_typed_number_is_written_as_the_register_writes_it_and_another_kept_as_typed(typed, kept, entered):
    a = visited_case()
    case = a.fresh()
    conclude(inspection=case, version=case.version, by=a.chair, on=NOTICE, concluded_on=NOTICE, number=typed)
    assert (a.fresh().conclusion_number, CasePaper.objects.get().number) == (kept, kept)
    assert bool(standing("TB")) is entered


# --- programmes ---------------------------------------------------------------------------------------


def changed(a: CaseA, number: str):
    programme = a.programme
    programme.refresh_from_db()
    return change_programme(
        programme=programme, version=programme.version, by=a.chair, year=2019, number=number, issued_on=PROGRAMMED,
        in_name_of=programme.in_name_of, title=programme.title, purpose=programme.purpose, conduct=programme.conduct,
    )  # fmt: skip


def test_the_number_of_a_programme_stands_in_the_register_and_its_plans_count_on():
    a = planned_case()
    assert standing("KH") == [("02-KH/ĐTN-UBKT", "used", "Số do người ban hành ghi")]
    assert a.issue("plan", NOTICE).number == "03-KH/ĐTN-UBKT"


def test_a_corrected_number_leaves_the_wrong_one_unused():
    a = planned_case()
    changed(a, "03-KH/ĐTN-UBKT")
    assert standing("KH") == [
        ("02-KH/ĐTN-UBKT", "unused", "Sửa số chương trình thành 03-KH/ĐTN-UBKT"), ("03-KH/ĐTN-UBKT", "used", ""),
    ]  # fmt: skip


def test_a_programme_whose_paper_went_out_keeps_its_number():
    a = planned_case()
    paper = begin_paper(programme=a.programme, kind="programme", by=a.chair, on=NOTICE)
    issue_paper(paper=paper, version=paper.version, by=a.chair, on=NOTICE, dated_on=NOTICE)
    with pytest.raises(InspectionRefused) as refused:
        changed(a, "03-KH/ĐTN-UBKT")
    assert refused.value.errors == {
        "number": "Văn bản của chương trình đã ban hành nên số, ngày và nơi ban hành giữ nguyên."
    }
    assert [symbol for symbol, *_ in standing("KH")] == ["02-KH/ĐTN-UBKT"]


def test_the_paper_of_a_draft_issues_the_programme_under_the_next_number():
    a = draft_of_a_year()
    paper = begin_paper(programme=a.programme, kind="programme", by=a.chair, on=PROGRAMMED)
    paper = issue_paper(paper=paper, version=paper.version, by=a.chair, on=PROGRAMMED, dated_on=PROGRAMMED)
    a.programme.refresh_from_db()
    assert (a.programme.state, a.programme.number, paper.number) == ("issued", *["01-KH/ĐTN-UBKT"] * 2)
    assert standing("KH") == [("01-KH/ĐTN-UBKT", "used", "")]


def test_a_programme_cannot_take_the_number_of_another_paper():
    a = planned_case()
    a.issue("plan", NOTICE)  # 03-KH/ĐTN-UBKT
    other = draft_of_a_year(a)
    with pytest.raises(InspectionRefused) as refused:
        issue_programme(
            programme=other.programme, version=other.programme.version, by=a.chair, number="03-KH/ĐTN-UBKT",
            issued_on=NOTICE,
        )  # fmt: skip
    assert list(refused.value.errors) == ["number"]
    other.programme.refresh_from_db()
    assert other.programme.state == "draft"


@pytest.mark.usefixtures("_on_the_day")
def test_the_form_of_the_programme_offers_the_next_number(client):
    a = draft_of_a_year()
    client.force_login(a.chair)
    form = client.get(reverse("inspections:programme_issue", args=[a.programme.pk])).context["form"]
    assert form["number"].value() == "01-KH/ĐTN-UBKT"


def test_the_unit_page_leads_to_the_register(client):
    a = planned_case()
    client.force_login(a.secretary)
    page = client.get(reverse("branches:unit", args=[a.branch.pk])).content.decode()
    assert reverse("branches:number_books", args=[a.branch.pk]) in page


def test_the_list_of_papers_leads_each_to_their_own_register(client):
    a = concluded_case()
    for user, unit in ((a.chair, a.union), (a.secretary, a.branch)):
        client.force_login(user)
        page = client.get(reverse("inspections:papers", args=[a.case.pk])).content.decode()
        register = reverse("branches:number_books", args=[unit.pk])
        assert f'href="{register}"' in page
        assert client.get(register).status_code == 200
