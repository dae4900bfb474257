"""The forms of inspection, its papers, letters and numbers under whatever is typed (test_forms_fuzz.py, in the world
of the attacks): saved, or an answer in Vietnamese, and never a 500. The same for what a phone sends by itself."""

import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .foreign_world import TwoWorlds
from .hostile import address_of
from .inspection_attacks import INSPECTION_FORMS
from .test_forms_fuzz import JUNK, assert_answered, form_on
from .test_security_forms import filled, send, undone

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BUILT = TwoWorlds
# Forms of the same way that stood before and have more boxes now, and those whose objects came with this way.
MORE = (
    "inspections:programme_new", "inspections:programme_edit", "inspections:programme_issue",
    "inspections:programme_take", "inspections:send_plan", "inspections:self_report", "inspections:self_report_paper",
    "inspections:verify", "inspections:team_report", "inspections:step_back", "inspections:reopen",
    "inspections:cancel", "inspections:escalate", "inspections:reinspect", "inspections:seat_end",
    "inspections:finding_edit", "inspections:extension_ask", "inspections:extension_answer",
    "inspections:recommendation_accept", "inspections:recommendation_revoke", "inspections:recommendation_target",
    "inspections:recommendation_task",
)  # fmt: skip
# A page on site refuses nothing that can be kept: what is no result is left out.
TAKES_EVERYTHING = {"inspections:site"}


@pytest.fixture
def world(own_world):
    return own_world


@pytest.mark.parametrize("name", [*INSPECTION_FORMS, *MORE])
def test_form_saves_or_answers_in_vietnamese(name, world, client):
    right = filled(client, world, name)
    files = {box: right.pop(box) for box in ("files",) if box in right}
    url = address_of(world, name)
    page = client.get(url).content.decode()
    _, choices = form_on(page)
    with undone():
        assert send(client, world, name, right | files).status_code == 302
    with undone():  # what a browser sends after it lost the page's fields: nothing
        answer = client.post(url, {})
        assert answer.status_code == 302 if name in TAKES_EVERYTHING else answer.status_code in (200, 302, 409)

    @settings(max_examples=6, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def whatever_is_typed(data):
        typed = dict(right)
        boxes = sorted((right.keys() | choices.keys()) - {"do"})  # which button it was is nothing a person types
        for box in data.draw(st.lists(st.sampled_from(boxes), min_size=1, max_size=5)):
            known = [st.lists(st.sampled_from(choices[box]), max_size=3)] if box in choices else []
            typed[box] = data.draw(st.one_of(st.lists(JUNK, max_size=2), *known))
        with transaction.atomic():  # every try begins at the same record
            answer = client.post(url, typed)
            transaction.set_rollback(True)
        if name not in TAKES_EVERYTHING:
            assert_answered(answer)
        else:
            assert answer.status_code in (200, 302)

    whatever_is_typed()


@pytest.mark.parametrize(
    "said",
    [
        b"", b"[]", b"null", b"{", b'{"account":1}', b'{"account":"1","entries":{}}', b'{"entries":[1]}', b"\xff\xfe",
        b'{"account":"%s","entries":[{"id":"x"}]}', b'{"account":"%s","entries":[{"id":1,"ago":1e400}]}',
        b'{"account":"%s","entries":[{"id":"6f1c","ago":"0","item":99999999999999999999}]}',
        b"[" * 5000, b'{"account":"%s","entries":[{"id":"%s","ago":0,"item":-1,"points":"NaN","base":-1}]}',
    ],
)  # fmt: skip
def test_a_batch_that_cannot_be_read_is_answered(said, world, client):
    """What a phone sends in the background is JSON and no form."""
    client.force_login(world.accounts["seat"])
    me, key = str(world.accounts["seat"].pk).encode(), str(uuid.uuid4()).encode()
    body = said % ((me, key) if said.count(b"%s") == 2 else me if b"%s" in said else ())
    url = address_of(world, "inspections:site").rstrip("/") + "/gui/"
    answer = client.post(url, body, content_type="application/json")
    assert answer.status_code == 400
    assert "Không đọc được" in answer.json()["error"]
