import pytest
from inspections.models import *
from inspections.following import *
from inspections.conducting import *
from tests.inspecting import *
pytestmark = pytest.mark.django_db
def test_smoke():
    s = scene()
    case, row = answered(s)
    check_answer(recommendation=row, version=row.version, by=s.chair, on=TODAY, verdict="adequate")
    case.refresh_from_db()
    case = close_case(inspection=case, version=case.version, by=s.chair, on=TODAY)
    assert case.state == "closed"
