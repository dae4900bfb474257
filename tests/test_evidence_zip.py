"""The evidence room as one ZIP: what is in it, under which names, its limits and its end."""

import io
import os
import re
import subprocess
import sys
import tracemalloc
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from inspections.models import Inspection, RoomTake
from reports.evidence_room import archive
from reports.evidence_room.archive import build, parts_of, parts_words, safe_name, sheet_name
from reports.evidence_room.room import Room
from reports.evidence_room.sections import section_of, sections_of
from tests.factories import (
    MemberFactory,
    account_at,
)
from tests.inspecting import TODAY, planned, scene
from tests.rooming import NOON, Day, held, proof, room_of, unpacked

pytestmark = pytest.mark.django_db
ACTIVITIES, MEETINGS = "02-hoat-dong-va-minh-chung", "03-sinh-hoat-bien-ban-va-diem-danh"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment: day_of(*moment) if moment else TODAY)


@pytest.fixture
def s(media):
    return scene()


def test_the_zip_holds_exactly_the_room(s, client):
    case = planned(s)
    first, last = held(s.branch, Day(2026, 1, 1), Day(2026, 9, 30))
    proof(first, name="../../etc/Ảnh Tết.JPG", content=b"mot")
    proof(last, name="bien-ban.pdf", content=b"hai")
    proof(held(s.branch, Day(2025, 12, 31))[0], content=b"ngoai")
    gone = proof(last, name="mat.jpg")
    gone.file.storage.delete(gone.file.name)
    MemberFactory(home=s.branch, full_name="Lê Văn An", birth_date=Day(1999, 2, 3))
    client.force_login(s.chair)
    answer = client.get(reverse("reports:evidence_zip", args=[case.pk]))
    packed = unpacked(answer)
    assert packed.testzip() is None
    assert packed.namelist() == [
        f"{ACTIVITIES}/001-2026-01-01-etc-anh-tet.jpg", f"{ACTIVITIES}/002-2026-09-30-bien-ban.pdf",
        "index.html", "index.css", "index.xlsx",
    ]  # fmt: skip
    assert packed.read(f"{ACTIVITIES}/001-2026-01-01-etc-anh-tet.jpg") == b"mot"
    page = packed.read("index.html").decode()
    assert f'href="{ACTIVITIES}/001-2026-01-01-etc-anh-tet.jpg">../../etc/Ảnh Tết.JPG</a>' in page
    assert "mat.jpg (không còn trên máy chủ)" in page
    assert "Lê Văn An" in page
    assert "31/12/2025" not in page
    book = load_workbook(io.BytesIO(packed.read("index.xlsx")))
    assert book.sheetnames == [
        "Mục lục", "Năm 2026", "Việc được giao", "Hoạt động và minh chứng", "Cuộc họp", "Điểm danh từng đoàn viên",
        "Đoàn phí từng đoàn viên", "Sổ quỹ", "Danh sách đoàn viên", "Việc định kỳ", "Báo cáo đã phát hành",
        "Kiến nghị lần trước",
    ]  # fmt: skip
    members = [[cell.value for cell in row] for row in book["Danh sách đoàn viên"].iter_rows()]
    assert members[-1][:2] == ["Lê Văn An", "1999"]
    take = RoomTake.objects.get()
    assert (take.inspection_id, take.made_by, take.files, take.size) == (
        case.pk, s.chair, 2, int(answer.headers["Content-Length"])
    )  # fmt: skip
    assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-store"}
    shown = client.get(reverse("reports:evidence_room", args=[case.pk])).content.decode()
    assert "Phạm Thị Chủ Nhiệm" in shown[shown.index("Đã tải về") :]


HOSTILE = [
    "../../../../root/.ssh/authorized_keys", "/etc/cron.d/x.pdf", "C:\\Windows\\System32\\con.exe", "CON.docx", "nul",
    "a" * 150 + ".jpg", "=HYPERLINK(\"http://x\").xlsx", "+cmd|' /C calc'!A0.pdf", "..", ".htaccess", " trailing. ",
    "tên\u202egpj.exe", "<script>alert(1)</script>.pdf", "Ảnh: *đẹp*?|.jpg", "\n\r\t.pdf",
]  # fmt: skip
ON_ANY_SYSTEM = re.compile(r"[0-9]{2}-[a-z0-9-]+/[0-9]{3}-2026-01-01-[a-z0-9-]+\.(jpg|pdf|docx|xlsx|bin)")


def test_hostile_names_unpack_on_every_system_inside_their_folder(s, client, tmp_path):
    """No way out of the folder, no name Windows keeps for itself, no two that are equal without case, none too long."""
    case = planned(s)
    activity = held(s.branch, Day(2026, 1, 1))[0]
    for name in HOSTILE:
        proof(activity, name=name[:160], content=name.encode())
    client.force_login(s.chair)
    packed = unpacked(client.get(reverse("reports:evidence_section_zip", args=[case.pk, "activities"])))
    files = packed.namelist()[: len(HOSTILE)]
    assert [name for name in files if not ON_ANY_SYSTEM.fullmatch(name)] == []
    assert len({name.lower() for name in files}) == len(HOSTILE)
    assert max(map(len, files)) < 130
    around = tmp_path / "xung quanh"
    packed.extractall(around / "hồ sơ")
    assert [one.name for one in around.iterdir()] == ["hồ sơ"]
    assert [(around / "hồ sơ" / name).read_bytes() for name in files] == [name.encode() for name in HOSTILE]
    page = packed.read("index.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.pdf" in page


def test_a_formula_in_a_name_stays_text_in_the_list(s, client):
    case = planned(s)
    MemberFactory(home=s.branch, full_name='=HYPERLINK("http://xau.vn";"An")')
    held(s.branch, Day(2026, 1, 1))[0].__class__.objects.update(title="+1+1")
    client.force_login(s.chair)
    packed = unpacked(client.get(reverse("reports:evidence_zip", args=[case.pk])))
    sheets = load_workbook(io.BytesIO(packed.read("index.xlsx"))).worksheets
    every = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in every if str(cell.value).startswith(("=", "+"))} == {"s"}
    assert [cell.value for cell in every if str(cell.value).startswith(("=", "+"))] == [
        "+1+1", "=HYPERLINK(\"http://xau.vn\";\"An\")"
    ]  # fmt: skip
    assert [cell.coordinate for cell in every if cell.data_type == "f" or cell.hyperlink] == []


def test_a_section_can_be_taken_alone(s, client):
    case = planned(s)
    proof(held(s.branch, Day(2026, 1, 1))[0])
    client.force_login(s.chair)
    packed = unpacked(client.get(reverse("reports:evidence_section_zip", args=[case.pk, "activities"])))
    assert packed.namelist() == [f"{ACTIVITIES}/001-2026-01-01-anh.jpg", "index.html", "index.css", "index.xlsx"]
    assert RoomTake.objects.get().sections == "Hoạt động và minh chứng"


def test_signed_minutes_come_as_they_were_frozen(media, client):
    from tests import minuting

    m = minuting.scene()
    minutes = minuting.signed(m)
    chair = account_at(m.unit.__class__.objects.get(pk=m.unit.superior_pk), "inspection_chair")
    s = scene()
    case = planned(s, review_from=Day(2023, 4, 7), review_to=Day(2023, 4, 8))
    s.programme.__class__.objects.filter(pk=s.programme.pk).update(unit=m.unit.superior_pk)
    Inspection.objects.filter(pk=case.pk).update(unit=m.unit)
    client.force_login(chair)
    paper = client.get(reverse("reports:evidence_paper", args=[case.pk, "bien-ban", minutes.pk]))
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    packed = unpacked(client.get(reverse("reports:evidence_section_zip", args=[case.pk, "meetings"])))
    name = f"{MEETINGS}/001-2023-04-07-bien-ban-sinh-hoat-chi-doan-dinh-ky-thang-4-nam-2023.pdf"
    assert packed.read(name)[:5] == b"%PDF-"


def test_papers_above_the_limit_come_as_word(s, monkeypatch):
    from tests import minuting

    m = minuting.scene()
    minuting.signed(m)
    case = planned(s, review_from=Day(2023, 4, 7), review_to=Day(2023, 4, 8))
    Inspection.objects.filter(pk=case.pk).update(unit=m.unit)
    room = Room(Inspection.objects.select_related("unit", "programme").get(pk=case.pk), TODAY)
    monkeypatch.setattr(archive, "MOST_PDF", 0)
    packed = zipfile.ZipFile(build(room, [section_of(room, "meetings")], by="Thử", at=NOON).content)
    assert [name for name in packed.namelist() if name.endswith(".docx")] == [
        f"{MEETINGS}/001-2023-04-07-bien-ban-sinh-hoat-chi-doan-dinh-ky-thang-4-nam-2023.docx"
    ]
    assert "Nhiều biên bản: các biên bản là tệp Word." in packed.read("index.html").decode()


def test_too_much_for_one_file_is_taken_in_parts_that_unpack_into_one_folder(s, client, monkeypatch, tmp_path):
    case = planned(s)
    days = [Day(2026, 1, 1), Day(2026, 1, 2), Day(2026, 1, 3)]
    for activity, size in zip(held(s.branch, *days), (4, 6, 1), strict=True):
        proof(activity, content=b"x" * size)
    room = Room(case, TODAY)
    monkeypatch.setattr(archive, "LARGEST", 11)
    assert [len(part) for part in parts_of(sections_of(room))] == [3]  # exactly the limit goes into one
    monkeypatch.setattr(archive, "LARGEST", 10)
    assert [len(part) for part in parts_of(sections_of(room))] == [2, 1]
    client.force_login(s.chair)
    place = reverse("reports:evidence_section_zip", args=[case.pk, "activities"])
    for shown, zips in (
        ("evidence_room", reverse("reports:evidence_zip", args=[case.pk])),
        ("evidence_section", place),
    ):
        key = ["activities"] if shown == "evidence_section" else []
        page = client.get(reverse(f"reports:{shown}", args=[case.pk, *key])).content.decode()
        assert "Nhiều tệp nên chia thành 2 phần" in page
        assert [f'href="{zips}?phan={part}"' in page for part in (1, 2, 3)] == [True, True, False]
    names = [f"{ACTIVITIES}/00{n}-2026-01-0{n}-anh.jpg" for n in (1, 2, 3)]
    for part, own in ((1, names[:2]), (2, names[2:])):
        answer = client.get(place, {"phan": part})
        packed = unpacked(answer)
        assert packed.namelist()[:-3] == own
        assert f"phan-{part}.zip" in answer.headers["Content-Disposition"]
        page = packed.read("index.html").decode()
        assert [name for name in names if f'href="{name}"' not in page] == []
        assert f"(phần {part} trên 2" in page
        packed.extractall(tmp_path / "chung")
    assert [(tmp_path / "chung" / name).stat().st_size for name in names] == [4, 6, 1]
    assert list(RoomTake.objects.order_by("pk").values_list("sections", "files")) == [
        ("Hoạt động và minh chứng (phần 1 trên 2)", 2), ("Hoạt động và minh chứng (phần 2 trên 2)", 1)
    ]  # fmt: skip
    for wrong in ("0", "3", "-1", "một", "1 "):
        assert client.get(place, {"phan": wrong}).status_code == 404


def test_one_part_is_told_as_one(s, client):
    case = planned(s)
    assert parts_words(parts_of(sections_of(Room(case, TODAY)))) == ""
    assert archive.LARGEST == 300 * 1024 * 1024
    client.force_login(s.chair)
    page = client.get(reverse("reports:evidence_room", args=[case.pk])).content.decode()
    assert "Tải tất cả (ZIP)" in page
    assert "phần" not in page[page.index("<main") :]


def test_memory_does_not_grow_with_the_files(s):
    """Three files of 6 MB pass through in pieces; read whole, one of them alone would take more."""
    room = room_of(s)
    for activity in held(s.branch, Day(2026, 1, 1), Day(2026, 1, 2), Day(2026, 1, 3)):
        proof(activity, content=os.urandom(6_000_000))
    sections = [section_of(room, "activities")]
    tracemalloc.start()
    made = build(room, sections, by="Thử", at=NOON)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert made.size > 18_000_000
    assert peak < 5_000_000


def test_a_failure_half_way_leaves_no_file_and_no_row(s, client, monkeypatch, tmp_path):
    case = planned(s)
    proof(held(s.branch, Day(2026, 1, 1))[0])
    folder = tmp_path / "tam"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))

    class PoweredOff(BaseException):
        pass

    def fail(*rest):
        assert os.listdir(folder) == []  # also while it is being written nothing has a name
        raise PoweredOff

    monkeypatch.setattr("shutil.copyfileobj", fail)
    client.force_login(s.chair)
    with pytest.raises(PoweredOff):
        client.get(reverse("reports:evidence_zip", args=[case.pk]))
    assert os.listdir(folder) == []
    assert RoomTake.objects.count() == 0


KILLED = """
import os, signal, sys, tempfile
{how}
print(len(os.listdir(tempfile.gettempdir())), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    ("how", "left"),
    [("f = tempfile.TemporaryFile(); f.write(b'x' * 100000); f.flush()", 0),
     ("f = tempfile.NamedTemporaryFile(); f.write(b'x' * 100000); f.flush()", 1)],
    ids=["as the archive does", "negative control: a file with a name"],
)  # fmt: skip
def test_a_killed_process_leaves_nothing(tmp_path, how, left):
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(how=how)], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False,
        capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == -9
    assert len(os.listdir(tmp_path)) == left


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Ảnh Đại hội.JPEG", "anh-dai-hoi.jpg"),
        ("../../../etc/passwd", "etc-passwd.bin"),
        ("C:\\\\Windows\\\\con.exe", "c-windows-con-exe.bin"),
        ("..", "tep.bin"),
        (".htaccess", "htaccess.bin"),
        ("", "tep.bin"),
        ("a" * 200 + ".pdf", "a" * 60 + ".pdf"),
        ("\u202egpj.exe.docx", "gpj-exe.docx"),
        ("Kế hoạch số 05-KH/CĐ: đợt 1/2026?.pdf", "ke-hoach-so-05-kh-cd-dot-1-2026.pdf"),
    ],
)
def test_names_in_the_zip_are_plain(name, safe):
    assert safe_name(name) == safe


def test_sheet_names_are_short_and_each_once():
    taken = {"mục lục"}
    assert sheet_name("Mục lục", taken) == "Mục lục (2)"
    assert sheet_name("Kế hoạch: [năm] 2026/2027 và những việc khác nữa", taken) == "Kế hoạch   năm  2026 2027 và nh"
