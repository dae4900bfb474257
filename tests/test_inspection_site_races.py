"""On site, two at once: one note sent twice, one photo sent twice, two inspectors on one item. With a control."""

import threading
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection

from branches.uploads import clean_upload, store
from inspections.checking import entries
from inspections.checking.entries import EntryLine, add_site_file, take_entries
from inspections.checking.items import put_checklists
from inspections.models import ChecklistAnswer, ChecklistTemplate, Inspection, SiteEntry, SiteFile
from tests.browsing import picture
from tests.inspecting import TODAY, scene, visited
from tests.test_inspection_site import NINE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def s():
    found = scene()
    found.case = visited(found)
    template = ChecklistTemplate.objects.get(unit=None, code="sinh-hoat")
    put_checklists(inspection=found.case, templates=[template], by=found.chair)
    found.item = found.case.items.order_by("position").first()
    return found


def together(*acts) -> list:
    """What each of the acts answered or raised, all begun in the same moment."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        gate.wait()
        try:
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def sending(s, line, by=None):
    return lambda: take_entries(inspection=s.case, lines=[line], by=by or s.chair, on=TODAY)


def test_one_note_sent_twice_at_once_is_there_once_and_both_are_answered_alike(s):
    line = EntryLine(uuid.uuid4(), NINE, s.item.pk, "not_met", note="Thiếu ba buổi")
    one, other, third = together(*[sending(s, line)] * 3)
    assert one == other == third
    assert (one[0].client_id, one[0].state, one[0].version) == (line.client_id, "taken", 1)
    assert SiteEntry.objects.count() == 1
    assert ChecklistAnswer.objects.get().version == 1


def test_of_two_inspectors_at_once_one_answers_and_the_other_differs(s):
    said = [EntryLine(uuid.uuid4(), NINE, s.item.pk, result, note=note)
            for result, note in (("met", "Đủ"), ("not_met", "Thiếu"))]  # fmt: skip
    answers = together(sending(s, said[0]), sending(s, said[1], by=s.inspector))
    assert sorted(one[0].state for one in answers) == ["differs", "taken"]
    stands = ChecklistAnswer.objects.get()
    asked = SiteEntry.objects.get(state="differs")
    assert {(stands.result, stands.note), (asked.result, asked.note)} == {("met", "Đủ"), ("not_met", "Thiếu")}
    assert stands.version == 1


def test_one_photo_sent_twice_at_once_is_there_once(s, media):
    upload = SimpleUploadedFile("ảnh.jpg", picture()["buffer"], "image/jpeg")
    stored = [store(clean_upload(upload), "sitefile") for _ in range(2)]
    key = uuid.uuid4()
    one, other = together(
        *(lambda file=file: add_site_file(inspection=s.case, stored=file, by=s.chair, client_id=key) for file in stored)
    )
    assert one.pk == other.pk
    assert SiteFile.objects.count() == 1


def test_negative_control_without_the_lock_the_second_sending_is_an_error(s, monkeypatch):
    """Both look before either writes: the constraint keeps the note single, but one phone gets no answer."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time by itself: both cannot look first")
    both_looked = threading.Barrier(2, timeout=20)
    take = entries._take

    def slow_take(*said):
        both_looked.wait()
        return take(*said)

    monkeypatch.setattr(entries, "lock_case", lambda case, verb: Inspection.objects.get(pk=case.pk))
    monkeypatch.setattr(entries, "_take", slow_take)
    line = EntryLine(uuid.uuid4(), NINE, s.item.pk, "not_met")
    answers = together(sending(s, line), sending(s, line))
    assert [isinstance(one, IntegrityError) for one in answers].count(True) == 1
    assert SiteEntry.objects.count() == 1
