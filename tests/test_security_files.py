"""How files leave the house: disarmed, under safe names, from the media folder only."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from branches.attaching import add_evidence
from branches.models import Activity, Evidence, Unit
from branches.recording import RecordingRefused
from branches.uploads import Stored
from inspections.models import UnitAnswerFile

from .access_world import World
from .hostile import address_of, body_of

pytestmark = pytest.mark.django_db
HOSTILE_NAMES = [
    "Ảnh dọn vệ sinh ngày 26/3 (đẹp).pdf", 'a".pdf; filename="b.html', "a\r\nSet-Cookie: x=1\r\n\r\n<svg onload=1>.pdf",
    "../../../etc/passwd", "..\\..\\windows\\win.ini", "a\x00.pdf", "\u202efdp.exe", "a;b,c.pdf",
    "%0d%0aX: y.pdf", "🙂.pdf", "",
]  # fmt: skip
DISARMED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def world(media):
    return World()


@pytest.fixture
def reader(world, client):
    client.force_login(world.accounts["secretary"])
    return client


def pdf(model, **values):
    row = model(kind="pdf", content_type="application/pdf", **values)
    row.file.save("a.pdf", ContentFile(b"%PDF-1.4 <script>alert(1)</script>"))
    return row


def files_of(world, name):
    """(row, address) of an evidence file and of a file of an answer, sent under this name."""
    name = name.replace("\x00", "")  # no database takes one
    evidence = pdf(Evidence, activity=world.activity, name=name)
    answer = pdf(UnitAnswerFile, answer=world.answer, name=name)
    return [
        (evidence, reverse("branches:evidence", args=[evidence.pk])),
        (answer, reverse("inspections:answer_file", args=[answer.pk])),
    ]


# One name, quoted or percent-encoded, with nothing behind it.
ONE_NAME = re.compile(r"""attachment(; filename(="(?:[^"\\]|\\.)*"|\*=utf-8''[\w/%.~!$&+^`|#*-]+))?""")


def test_files_are_sent_disarmed_and_under_a_safe_name(world, reader):
    for name in HOSTILE_NAMES:
        for _, url in files_of(world, name):
            answer = reader.get(url)
            assert answer.status_code == 200
            assert {header: answer.headers.get(header) for header in DISARMED} == DISARMED
            assert "no-store" in answer.headers["Cache-Control"]
            assert answer.headers["Content-Type"] == "application/pdf"
            assert not re.search(r"[\x00-\x1f\x7f]", answer.headers["Content-Disposition"])
            assert ONE_NAME.fullmatch(answer.headers["Content-Disposition"]), name
            assert "Set-Cookie: x" not in str(answer.headers)


def test_asking_for_a_part_brings_the_whole_file(world, reader):
    for row, url in files_of(world, "a.pdf"):
        for wanted in ("bytes=0-3", "bytes=-1", "bytes=5-1", "bytes=0-1,2-3,4-5", "bytes=" + "0-1," * 5000):
            answer = reader.get(url, HTTP_RANGE=wanted)
            assert (answer.status_code, len(body_of(answer))) == (200, row.file.size)


def test_stored_path_outside_the_folder_is_not_followed(world, reader, media):
    """Paths are random and never typed; this is the fence behind a row that was changed by hand."""
    (media.parent / "secret.txt").write_text("bí mật", encoding="utf-8")
    reader.raise_request_exception = False
    for path in ("../secret.txt", "evidence/../../secret.txt", "/etc/hostname", "..%2fsecret.txt"):
        Evidence.objects.filter(pk=world.evidence.pk).update(file=path)
        UnitAnswerFile.objects.filter(pk=world.answer_file.pk).update(file=path)
        for name in ("branches:evidence", "inspections:answer_file"):
            answer = reader.get(address_of(world, name))
            assert answer.status_code in (400, 404)
            assert "bí mật" not in body_of(answer).decode(errors="replace")


def test_vanished_and_damaged_files_are_not_found(world, reader):
    url = address_of(world, "branches:evidence")
    assert reader.get(url, {"nho": "1"}).status_code == 404  # the world's picture is none
    world.evidence.file.storage.delete(world.evidence.file.name)
    world.answer_file.file.storage.delete(world.answer_file.file.name)
    for name in ("branches:evidence", "inspections:answer_file"):
        assert reader.get(address_of(world, name)).status_code == 404


def test_media_folder_has_no_address(reader):
    for path in ("/khong-phuc-vu/evidence/a.pdf", "/media/evidence/a.pdf", "/static/../var/media/a.pdf"):
        assert reader.get(path).status_code == 404


def test_workbook_name_is_safe_whatever_the_code_of_the_unit(world, reader):
    for unit_code in ('a"; filename="b.html', "a\r\nX: y", "đ"):
        Unit.objects.filter(pk=world.own.pk).update(code=unit_code)
        for name in ("branches:activity_export", "reports:progress_xlsx"):
            disposition = reader.get(address_of(world, name)).headers["Content-Disposition"]
            assert not re.search(r"[\x00-\x1f]", disposition)
            assert ONE_NAME.fullmatch(disposition)


LINKS = ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.example/",
         "//a.example/", "vbscript:x", "\x01javascript:alert(1)", "https:javascript:alert(1)"]  # fmt: skip


def test_evidence_is_a_web_address(world):
    for link in LINKS:
        with pytest.raises(RecordingRefused):
            add_evidence(activity=world.activity, by=world.accounts["secretary"], links=[(link, "")])


def test_form_refuses_other_links_and_takes_web_addresses(world, reader):
    url = reverse("branches:activity_new", args=[world.own.pk])
    said = {"title": "Việc", "day": "2026-03-01", "organiser": "own", "area": world.activity.area_id}
    for link in LINKS[:6]:
        assert reader.post(url, said | {"links": link}).status_code == 200
    assert not Activity.objects.filter(title="Việc").exists()
    assert reader.post(url, said | {"links": "HTTPS://baodoan.example/tin"}).status_code == 302
    assert Evidence.objects.filter(activity__title="Việc").get().may_be_followed


def test_stored_file_of_another_shape_is_no_ticket(world):
    with pytest.raises(TypeError):
        Stored("only a path")
