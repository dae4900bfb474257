"""Evidence of score lines: activities, papers of the register, files; whose, until when, frozen when published."""

import datetime
import io
import os
from decimal import Decimal

import docx
import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from branches.models import Activity, EditConflict, PaperNumber
from branches.numbering import reserve_number, take_number
from branches.uploads import Clean, store
from reports.emulation import EmulationRefused
from reports.emulation.evidence import (
    MOST_FILES,
    MOST_PIECES,
    activities_of,
    add_evidence,
    papers_of,
    remove_evidence,
)
from reports.emulation.publishing import latest, publish
from reports.emulation.reading import sheet_view
from reports.emulation.sheets import give, reopen, send_back
from reports.models import EmulationCriterion, ScoreEvidence, ScoreLine
from reports.papers.score_sheet import score_sheet_html

from .emulating import TODAY, fresh, in_use, scene, scored, sent
from .factories import ActivityFactory, UnitFactory, account_at
from .hostile import form_of
from .migrating import migrate

pytestmark = pytest.mark.django_db
D = Decimal
MARCH = datetime.date(2026, 3, 12)


def issued(s, about="Kế hoạch tháng Thanh niên", *, unit=None, on=MARCH, **values) -> PaperNumber:
    return take_number(unit=unit or s.units[0], type_code="KH", on=on, by=s.secretary, about=about, **values)


def stored(name="so-sach.pdf"):
    return store(Clean(name, "pdf", "application/pdf", b"%PDF-1.4"), "scoreevidence")


def begun(count=1):
    s = scene(count)
    in_use(s)
    s.sheet = s.sheets[0]
    return s


def added(s, criterion=None, **things) -> int:
    return add_evidence(sheet=s.sheet, criterion=criterion or s.typed, by=s.secretary, **things)


def words(s) -> list[str]:
    return [str(one) for one in ScoreEvidence.objects.filter(line__sheet=s.sheet).order_by("pk")]


# --- the verbs ------------------------------------------------------------------------------------------


def test_a_line_has_as_many_pieces_of_each_kind_as_the_unit_adds():
    s = begun()
    second = ActivityFactory(unit=s.units[0], title="Ngày hội hiến máu", starts_on=MARCH, last_on=MARCH, totals=False)
    paper = issued(s)
    assert added(s, activities=[s.activity, second]) == 2
    assert added(s, papers=[paper], files=[stored()]) == 2
    assert words(s)[1:] == [
        "Hoạt động Ngày hội hiến máu, 12/03/2026",
        f"Văn bản {paper.symbol} ngày 12/03/2026: Kế hoạch tháng Thanh niên",
        "Tệp so-sach.pdf",
    ]


def test_what_is_there_is_not_added_again():
    s = begun()
    paper, file = issued(s), stored()
    for fresh_ones in (3, 0):
        assert added(s, activities=[s.activity], papers=[paper], files=[file]) == fresh_ones
    assert ScoreEvidence.objects.count() == 3


@pytest.mark.parametrize(
    "what",
    ["another unit's activity", "last year's activity", "another unit's paper", "a number kept free", "an old paper",
     "a paper of the inspection committee"],
)  # fmt: skip
def test_only_own_things_of_the_period_are_evidence(what):
    s = begun(2)
    before = datetime.date(2025, 12, 31)
    things = {
        "another unit's activity": lambda: {"activities": [ActivityFactory(unit=s.units[1])]},
        "last year's activity": lambda: {"activities": [ActivityFactory(unit=s.units[0], starts_on=before)]},
        "another unit's paper": lambda: {"papers": [issued(s, unit=s.units[1])]},
        "a number kept free": lambda: {
            "papers": [reserve_number(unit=s.units[0], type_code="KH", on=MARCH, by=s.secretary, about="x")]
        },
        "an old paper": lambda: {"papers": [issued(s, on=before)]},
        "a paper of the inspection committee": lambda: {"papers": [issued(s, body="UBKT")]},
    }[what]()
    with pytest.raises(EmulationRefused, match="của chính đơn vị trong kỳ") as refused:
        added(s, **things)
    assert refused.value.field == next(iter(things))
    assert not ScoreEvidence.objects.exists()


def test_more_than_a_line_holds_is_refused_as_a_whole():
    s = begun()
    added(s, papers=[issued(s, f"Văn bản {place}") for place in range(MOST_PIECES - 1)])
    with pytest.raises(EmulationRefused, match=f"tối đa {MOST_PIECES} minh chứng, đã có {MOST_PIECES - 1}"):
        added(s, activities=[s.activity], papers=[issued(s)])
    assert ScoreEvidence.objects.count() == MOST_PIECES - 1
    added(s, s.yes_no, files=[stored() for _ in range(MOST_FILES)])
    with pytest.raises(EmulationRefused, match=f"tối đa {MOST_FILES} tệp"):
        added(s, s.yes_no, files=[stored()])


def test_a_file_taken_off_leaves_the_disk_and_an_activity_stays(django_capture_on_commit_callbacks):
    s = begun()
    file = stored()
    added(s, activities=[s.activity], files=[file])
    version = ScoreLine.objects.get().version
    for piece in ScoreEvidence.objects.order_by("pk"):
        with django_capture_on_commit_callbacks(execute=True):
            remove_evidence(evidence=piece, version=version)
        version += 1
    assert not ScoreEvidence.objects.exists()
    assert not ScoreEvidence.file.field.storage.exists(file.path)
    assert Activity.objects.filter(pk=s.activity.pk).exists()


def test_a_piece_is_taken_off_the_line_that_was_shown():
    s = begun()
    added(s, activities=[s.activity])
    piece, version = ScoreEvidence.objects.get(), ScoreLine.objects.get().version
    added(s, papers=[issued(s)])
    with pytest.raises(EditConflict):
        remove_evidence(evidence=piece, version=version)
    assert ScoreEvidence.objects.count() == 2


def test_a_sent_sheet_keeps_its_evidence_until_it_is_sent_back():
    s = begun()
    added(s, activities=[s.activity])
    sent(s, s.sheet)
    piece = ScoreEvidence.objects.select_related("line__sheet").get()
    with pytest.raises(EmulationRefused, match="Phiếu đã gửi"):
        added(s, papers=[issued(s)])
    with pytest.raises(EmulationRefused, match="Phiếu đã gửi"):
        remove_evidence(evidence=piece, version=piece.line.version)
    send_back(sheet=s.sheet, version=fresh(s.sheet).version, by=s.office, on=TODAY, reason="Thiếu kế hoạch")
    assert added(s, papers=[issued(s)]) == 1


def test_a_scorer_is_told_when_a_late_unit_changes_what_it_shows():
    """The last day is over, so that both may write; the office opened the line before the unit added a piece."""
    s = begun()
    s.set.self_until = datetime.date(2026, 11, 1)
    s.set.save(update_fields=["self_until"])
    added(s, activities=[s.activity])
    opened = ScoreLine.objects.get().version
    added(s, papers=[issued(s)])
    with pytest.raises(EditConflict):
        give(sheet=s.sheet, criterion=s.typed, version=opened, by=s.office, on=TODAY, said=D(5), note="Theo sổ")


@pytest.mark.parametrize("things", [(), ("activity", "paper"), ("activity", "file")])
def test_the_database_takes_exactly_one_thing(things):
    s = begun()
    added(s, activities=[s.activity])
    said = {"activity": s.activity, "paper": issued(s), "file": "scoreevidence/a.pdf"}
    piece = ScoreEvidence(line=ScoreLine.objects.create(sheet=s.sheet, criterion=s.yes_no))
    for name in things:
        setattr(piece, name, said[name])
    with pytest.raises(IntegrityError), transaction.atomic():
        piece.save()


# --- frozen with the publication ------------------------------------------------------------------------


def published(s):
    return publish(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY)


def shown(s, reader=None, *, reads_given=True) -> list[str]:
    view = sheet_view(fresh(s.sheet), reader=reader or s.office, on=TODAY, reads_given=reads_given,
                      published=latest(s.set))  # fmt: skip
    return [piece.words for line in view.lines for piece in line.evidence]


def test_published_evidence_is_called_what_it_was_called_then():
    s = begun()
    Activity.objects.filter(pk=s.activity.pk).update(title="Tên cũ", last_on=MARCH)
    added(s, activities=[s.activity], files=[stored()])
    scored(s, s.sheet)
    made = published(s)
    (line,) = [one for one in made.content["clusters"][0]["rows"][0]["lines"] if one["criterion"] == s.typed.pk]
    assert [told for _, told in line["evidence"]] == ["Hoạt động Tên cũ, 12/03/2026", "Tệp so-sach.pdf"]
    assert set(ScoreEvidence.objects.values_list("published_in", flat=True)) == {made.pk}
    Activity.objects.filter(pk=s.activity.pk).update(title="Tên mới")
    assert shown(s) == shown(s, s.secretary, reads_given=False) == ["Hoạt động Tên cũ, 12/03/2026", "Tệp so-sach.pdf"]
    # Opened again it is looked at as it stands.
    reopen(sheet=s.sheet, version=fresh(s.sheet).version, by=s.office, on=TODAY, reason="Đơn vị bổ sung")
    assert shown(s)[0] == "Hoạt động Tên mới, 12/03/2026"


def test_what_stood_in_a_publication_is_not_taken_away_and_more_may_come():
    s = begun()
    added(s, files=[stored()])
    scored(s, s.sheet)
    published(s)
    reopen(sheet=s.sheet, version=fresh(s.sheet).version, by=s.office, on=TODAY, reason="Đơn vị bổ sung")
    s.sheet.refresh_from_db()
    s.sheet.state = "open"  # as after being finished and sent back
    s.sheet.save()
    piece = ScoreEvidence.objects.select_related("line__sheet").get()
    with pytest.raises(EmulationRefused, match="đã công bố nên giữ nguyên"):
        remove_evidence(evidence=piece, version=piece.line.version)
    added(s, papers=[issued(s)])
    later = ScoreEvidence.objects.get(published_in=None)
    remove_evidence(evidence=later, version=fresh(later.line).version)
    assert ScoreEvidence.objects.get() == piece


def test_an_edition_from_before_pieces_were_kept_shows_them_as_they_stand():
    s = begun()
    added(s, files=[stored()])
    scored(s, s.sheet)
    made = published(s)
    for line in made.content["clusters"][0]["rows"][0]["lines"]:
        del line["evidence"], line["source"]
    made.save()
    assert shown(s) == ["Tệp so-sach.pdf"]


def test_points_by_figures_keep_where_the_figures_were_read(client):
    """15 of 20 turns bring 45 of 60 points, read from what was logged until 22/11/2026."""
    s = begun()
    sent(s, s.sheet)
    client.force_login(s.office)
    client.post(
        reverse("reports:emulation_score", args=[s.sheet.pk, s.measured.pk]),
        {"said": "45", "version": s.sheet.lines.get(criterion=s.measured).version},
    )
    line = s.sheet.lines.get(criterion=s.measured)
    assert line.given_points == D(45)
    assert line.given_source.startswith("số đã ghi đến ")


# --- who sees it ----------------------------------------------------------------------------------------


def page(client, account, address, *args) -> str:
    client.force_login(account)
    answer = client.get(reverse(f"reports:{address}", args=args))
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


@pytest.mark.once
def test_neither_a_unit_of_the_cluster_nor_a_committee_sees_anothers_evidence(client):
    """Before the publication and after it: B and the Party committee, at no address."""
    s = begun(2)
    party = account_at(s.union, "party_secretary")
    added(s, files=[stored("bi-mat.pdf")], papers=[issued(s, "Kế hoạch riêng")])
    file = ScoreEvidence.objects.get(paper=None)
    closed = [
        reverse("reports:emulation_sheet", args=[s.sheet.pk]),
        reverse("reports:emulation_sheet_paper_docx", args=[s.sheet.pk]),
        reverse("reports:emulation_score", args=[s.sheet.pk, s.typed.pk]),
        reverse("reports:emulation_proof_paper", args=[s.sheet.pk, s.typed.pk]),
        reverse("reports:emulation_proof_remove", args=[file.pk]),
        reverse("reports:emulation_file", args=[file.pk]),
    ]
    for is_published in (False, True):
        if is_published:
            for sheet in s.sheets:
                scored(s, fresh(sheet))
            published(s)
            assert "bi-mat" not in page(client, s.others[0], "emulation_own_ranking", s.sheets[1].pk)
            assert "bi-mat" not in page(client, party, "emulation_ranking", s.set.pk)
        for account in (s.others[0], party):
            client.force_login(account)
            assert [client.get(url).status_code for url in closed] == [404] * 6
        client.force_login(s.secretary)
        assert client.get(closed[-1]).status_code == 200


@pytest.mark.once
def test_the_scorer_reads_the_pieces_beside_the_self_score_and_opens_them(client):
    s = begun()
    paper = issued(s)
    added(s, activities=[s.activity], papers=[paper], files=[stored()])
    sent(s, s.sheet)
    text = page(client, s.office, "emulation_score", s.sheet.pk, s.typed.pk)
    file = ScoreEvidence.objects.get(name="so-sach.pdf")
    for url in (
        reverse("branches:activity", args=[s.activity.pk]),
        f"{reverse('branches:number_books', args=[s.units[0].pk])}?q=",
        reverse("reports:emulation_file", args=[file.pk]),
    ):
        assert f'href="{url}' in text
    client.force_login(s.office)
    assert client.get(reverse("branches:number_books", args=[s.units[0].pk]), {"q": paper.symbol}).status_code == 200
    assert "Bỏ" not in text


# --- pages of the unit ----------------------------------------------------------------------------------


def send_form(client, s, address, **values):
    client.force_login(s.secretary)
    url = reverse(f"reports:{address}", args=[s.sheet.pk, s.typed.pk])
    filled = {name: value for name, value in form_of(client, url).filled().items() if name != "csrfmiddlewaretoken"}
    return client.post(url, filled | values)


def a_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.save(out)
    return out.getvalue()


@pytest.mark.once
def test_pieces_of_three_kinds_are_added_page_by_page(client):
    s = begun()
    paper = issued(s)
    wrong = SimpleUploadedFile("virus.exe", b"MZ", content_type="application/pdf")
    right = SimpleUploadedFile("so-sach.pdf", a_pdf(), content_type="application/pdf")
    assert send_form(client, s, "emulation_proof", activities=[f"h{s.activity.pk}"]).status_code == 302
    assert send_form(client, s, "emulation_proof_paper", papers=[f"v{paper.pk}"]).status_code == 302
    assert "virus.exe" in send_form(client, s, "emulation_proof_file", files=wrong).content.decode()
    assert send_form(client, s, "emulation_proof_file", files=right).status_code == 302
    assert ScoreEvidence.objects.count() == 3
    text = page(client, s.secretary, "emulation_sheet", s.sheet.pk)
    for one in words(s):
        assert escape(one) in text
    text = page(client, s.secretary, "emulation_proof", s.sheet.pk, s.typed.pk)
    assert "Đã có 3 minh chứng" in text
    assert "Không có hoạt động nào trong kỳ để chọn thêm" in text  # the only one stands there already


@pytest.mark.once
@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("emulation_proof", "Hãy chọn “Hoạt động của đơn vị”."),
        ("emulation_proof_paper", "Hãy chọn “Văn bản trong sổ của đơn vị”."),
        ("emulation_proof_file", "Hãy chọn ít nhất một tệp."),
    ],
)
def test_nothing_chosen_is_answered_at_its_field(client, address, answer):
    s = begun()
    issued(s)
    assert answer in send_form(client, s, address).content.decode()
    assert not ScoreLine.objects.exists()


@pytest.mark.once
def test_a_unit_without_papers_is_told_what_to_do_and_a_sent_sheet_offers_nothing(client):
    s = begun()
    text = page(client, s.secretary, "emulation_proof_paper", s.sheet.pk, s.typed.pk)
    assert "không có văn bản nào từ đầu kỳ để chọn thêm" in text
    added(s, activities=[s.activity])
    sent(s, s.sheet)
    text = page(client, s.secretary, "emulation_proof", s.sheet.pk, s.typed.pk)
    assert "Phiếu đã gửi" in text
    assert "Thêm minh chứng" not in text
    assert reverse("reports:emulation_proof_remove", args=[ScoreEvidence.objects.get().pk]) not in text


@pytest.mark.once
def test_a_piece_is_taken_off_after_being_asked(client):
    s = begun()
    added(s, files=[stored()])
    url = reverse("reports:emulation_proof_remove", args=[ScoreEvidence.objects.get().pk])
    client.force_login(s.secretary)
    assert "Tệp bị xóa hẳn, không lấy lại được." in client.get(url).content.decode()
    filled = form_of(client, url).filled()
    for _ in range(2):  # sent twice is once
        assert client.post(url, filled).status_code == 302
    assert not ScoreEvidence.objects.exists()


@pytest.mark.once
def test_a_poisoned_name_stays_text(client):
    s = begun()
    issued(s, "<script>alert(1)</script>")
    added(s, papers=papers_of(s.sheet))
    for text in (page(client, s.secretary, "emulation_sheet", s.sheet.pk),
                 page(client, s.secretary, "emulation_proof_paper", s.sheet.pk, s.typed.pk)):  # fmt: skip
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


# --- the papers -----------------------------------------------------------------------------------------


def test_the_paper_numbers_the_figure_and_every_piece():
    s = begun()
    paper = issued(s)
    added(s, s.measured, papers=[paper], files=[stored()])
    sheet = sent(s, s.sheet)
    view = sheet_view(fresh(sheet), reader=s.office, on=TODAY, reads_given=True, published=None)
    html, _ = score_sheet_html(fresh(sheet), view, on=TODAY, published=None)
    html = html.replace("\xa0", " ")
    figures = "15/20 lượt người = 75% kế hoạch × 60 điểm = 45 điểm, theo số đã ghi đến 22/11/2026"
    assert f"Minh chứng:<br>1. Số liệu: {figures}<br>2. Văn bản" in html
    assert f"<br>2. Văn bản {paper.symbol} ngày 12/03/2026: Kế hoạch tháng Thanh niên<br>3. Tệp so-sach.pdf" in html


@pytest.mark.once
def test_word_and_the_superiors_workbook_name_them(client):
    s = begun()
    added(s, files=[stored()], papers=[issued(s)])
    scored(s, s.sheet)
    published(s)
    client.force_login(s.office)
    word = docx.Document(
        io.BytesIO(client.get(reverse("reports:emulation_sheet_paper_docx", args=[s.sheet.pk])).content)
    )
    rows = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    (row,) = [row for row in rows if row[0] == "2"]
    assert "1. Văn bản" in row[5]
    assert "2. Tệp so-sach.pdf" in row[5]
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("reports:emulation_ranking_xlsx", args=[s.set.pk])).content)
    )
    cells = [str(cell.value) for line in book["Từng tiêu chí"].iter_rows() for cell in line]
    assert any("1. Văn bản" in cell and "2. Tệp so-sach.pdf" in cell for cell in cells)


# --- sizes ----------------------------------------------------------------------------------------------


@pytest.mark.once
def test_sixty_criteria_with_five_pieces_ask_as_often_as_one(client):
    s = begun()
    pieces = [issued(s, f"Văn bản {place}") for place in range(4)]
    added(s, papers=pieces[:1], activities=[s.activity])
    asked = []
    for count in (0, 55):
        for place in range(count):
            one = EmulationCriterion.objects.create(
                set=s.set, parent=s.second, number=f"9{place}", text="x", kind="typed", points=D(1)
            )
            line = ScoreLine.objects.create(sheet=s.sheet, criterion=one)
            ScoreEvidence.objects.bulk_create(
                [ScoreEvidence(line=line, activity=s.activity), *(ScoreEvidence(line=line, paper=it) for it in pieces)]
            )
        client.force_login(s.secretary)
        for address in ("emulation_sheet", "emulation_sheet_paper_docx"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"reports:{address}", args=[s.sheet.pk])).status_code == 200
            asked.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("reports:emulation_proof_paper", args=[s.sheet.pk, s.typed.pk]))
        asked.append(len(queries))
    assert asked[:3] == asked[3:]


@pytest.mark.once
def test_what_is_offered_is_the_newest_first_and_of_the_unit_alone():
    s = begun(2)
    for day in (3, 9):
        on = datetime.date(2026, 5, day)
        ActivityFactory(unit=s.units[0], title=f"Ngày {day}", starts_on=on, last_on=on, totals=False)
        issued(s, f"Ngày {day}", on=on)
    issued(s, unit=s.units[1])
    ActivityFactory(unit=s.units[1], totals=False)
    assert [one.title for one in activities_of(s.sheet) if one != s.activity] == ["Ngày 9", "Ngày 3"]
    assert [one.about for one in papers_of(s.sheet)] == ["Ngày 9", "Ngày 3"]


# --- rows from before -----------------------------------------------------------------------------------


def test_the_migration_keeps_the_activity_and_the_files_of_a_line(newest_afterwards):
    s = begun_before(migrate([("reports", "0013_congress_proofs")]))
    migrate([("reports", "0014_score_evidence")])
    rows = list(ScoreEvidence.objects.order_by("activity_id", "pk").values_list("line_id", "activity_id", "name"))
    assert sorted(rows, key=str) == sorted([(s["line"], s["activity"], ""), (s["line"], None, "a.pdf")], key=str)


def test_files_stored_under_the_earlier_name_are_swept_by_the_rows_of_today(media):
    s = begun()
    kept, orphan = media / "scorefile/kept.pdf", media / "scorefile/orphan.pdf"
    kept.parent.mkdir()
    for file in (kept, orphan):
        file.write_bytes(b"%PDF-1.4")
        os.utime(file, (0, 0))
    added(s, files=[stored()])
    ScoreEvidence.objects.update(file="scorefile/kept.pdf")
    call_command("sweep_files", stdout=io.StringIO())
    assert (kept.exists(), orphan.exists()) == (True, False)


def begun_before(apps) -> dict:
    """A line with an activity and a file, as the tables were before."""
    unit, office = UnitFactory(), account_at(UnitFactory())
    activity = ActivityFactory(unit=unit)
    model = {name: apps.get_model("reports", name) for name in
             ("EmulationSet", "EmulationCriterion", "ScoreSheet", "ScoreLine", "ScoreFile")}  # fmt: skip
    period = apps.get_model("branches", "Period").objects.create(
        kind="year", starts_on=datetime.date(2031, 1, 1), ends_on=datetime.date(2032, 1, 1)
    )
    found = model["EmulationSet"].objects.create(
        unit_id=unit.pk, period=period, name="x", total_points=D(1), self_until=TODAY, created_by_id=office.pk
    )
    group = model["EmulationCriterion"].objects.create(set=found, kind="group", number="I", text="x")
    one = model["EmulationCriterion"].objects.create(set=found, parent=group, kind="typed", number="1", text="x")
    sheet = model["ScoreSheet"].objects.create(set=found, unit_id=unit.pk, taken_on=TODAY)
    line = model["ScoreLine"].objects.create(sheet=sheet, criterion=one, activity_id=activity.pk)
    model["ScoreFile"].objects.create(line=line, kind="pdf", name="a.pdf", file="scorefile/a.pdf")
    return {"line": line.pk, "activity": activity.pk}
