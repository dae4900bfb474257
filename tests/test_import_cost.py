"""A long list costs a fixed number of queries, and what is judged and written in bulk equals what is so one by one."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.days import PartialDay
from branches.enrolling import SENSITIVE_COLUMNS, faults_of, stored
from branches.importing.copying import columns_of, write_rows
from branches.importing.deciding import apply_import
from branches.importing.judging import faults_in
from branches.importing.known import listed
from branches.importing.reading import read_sheets
from branches.importing.staging import choose_columns, read_on, start_import
from branches.importing.undoing import undo_import
from branches.models import Member, SensitiveData
from tests.factories import MemberFactory, UnitFactory, account_at
from tests.test_importing import JANUARY, TODAY, staged, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return UnitFactory(name="Chi đoàn Sở Thông tin", code="so-tttt")


def people(count: int, *, job: str) -> list[tuple]:
    names = [f"Lê Thu {chr(97 + n % 26) * (n // 26 + 1)}h" for n in range(count)]
    return [(n, names[n], f"{n % 28 + 1}/3/2001", "Nữ", job, "Kinh", f"09{n:08d}") for n in range(count)]


def choices_of(source) -> list[dict]:
    return [
        {
            "taken": sheet["taken"],
            "unit": sheet["unit"],
            "header_rows": sheet["header_rows"],
            "columns": {column["index"]: column["field"] for column in sheet["columns"]},
        }
        for sheet in source.sheets
    ]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_no_step_asks_a_query_for_each_row(branch, rows, django_assert_num_queries):
    by = account_at(branch)
    content = workbook(*people(rows, job="Văn thư"))
    source = start_import(
        unit=branch, by=by, name="a.xlsx", content=content, sheets=read_sheets(content, "a.xlsx"), on=TODAY
    )
    with django_assert_num_queries(8):
        source = choose_columns(source=source, version=1, choices=choices_of(source), starts_on=JANUARY, today=TODAY)
    with django_assert_num_queries(8):
        source = read_on(source=source, by=by, today=TODAY)
    with django_assert_num_queries(19):
        assert apply_import(source=source, by=by, today=TODAY, leave_out=False) == {"new": rows, "changed": 0}
    source = staged(branch, by, *people(rows, job="Kế toán"))
    with django_assert_num_queries(20):
        assert apply_import(source=source, by=by, today=TODAY, leave_out=False) == {"new": 0, "changed": rows}


def test_control_a_query_for_each_row_is_seen(branch):
    for number in range(3):
        MemberFactory(home=branch, full_name=f"Lê Thu A{number}")
    with CaptureQueriesContext(connection) as captured:
        [member.job for member in Member.objects.only("full_name")]
    assert len(captured) == 4


RECORDS = [
    ({}, {"full_name"}),
    ({"full_name": "   "}, {"full_name"}),
    ({"full_name": "Lê Thu An", "email": "an.le-thu@vidu.example", "phone": "0912345678", "sex": "female"}, set()),
    ({"full_name": "x" * 121}, {"full_name"}),
    ({"full_name": "Lê Thu An", "sex": "other"}, {"sex"}),
    ({"full_name": "Lê Thu An", "education_level": "wizard", "job": "x" * 121}, {"education_level", "job"}),
    ({"full_name": "Lê Thu An", "email": "không phải địa chỉ"}, {"email"}),
    ({"full_name": "Lê Thu An", "email": "a@b"}, {"email"}),
    ({"full_name": "Lê Thu An", "email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.vn"}, {"email"}),
    ({"full_name": "Lê Thu An", "national_code": "1" * 21, "phone": "0" * 21}, {"national_code", "phone"}),
    (
        {"full_name": "Lê Thu An", "birth_date": "2001-03-22", "admitted_on": "2000", "joined_party_on": "2001-03"},
        {"admitted_on"},
    ),
    (
        {"full_name": "Lê Thu An", "birth_date": "2001", "admitted_on": "2016", "admitted_at": "y" * 161},
        {"admitted_at"},
    ),
    ({"full_name": "Lê Thu An", "ethnicity": "z" * 41, "personal_number": "12"}, {"ethnicity", "personal_number"}),
    (
        {"full_name": "An", "joined_party_on": "2020-02-03", "official_party_on": datetime.date(2019, 2, 3)},
        {"official_party_on"},
    ),
]


@pytest.mark.parametrize(("record", "faulty"), RECORDS)
def test_a_row_is_judged_as_the_form_judges_it(record, faulty):
    values = {
        name: PartialDay.read(said) if name in ("birth_date", "admitted_on", "joined_party_on") else said
        for name, said in record.items()
    }
    columns = stored(values)
    closed = {name: columns.pop(name) for name in SENSITIVE_COLUMNS if name in columns}
    assert faults_in(values) == faults_of(Member(**columns), closed)
    assert faults_in(values).keys() == faulty


ADDRESSES = [
    "a@b.vn",
    "a.b-c_d+e@x-y.z0.com",
    "a@b-.vn",
    "a..b@c.vn",
    "-a@b.vn",
    "a@-b.vn",
    "a@b.v",
    "a@b.c0m",
    "a.@b.vn",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_taken_at_a_glance_is_one_for_the_validator_too(address):
    assert faults_in({"full_name": "An", "email": address}) == faults_of(Member(full_name="An", email=address), {})


def test_changed_rows_keep_what_the_list_does_not_say(branch):
    by = account_at(branch)
    born = datetime.date(2001, 3, 22)
    told = MemberFactory(home=branch, full_name="Lê Thu An", birth_date=born, address="Tổ 3", is_active=True)
    SensitiveData.objects.create(member=told, religion="Không", joined_party_on=datetime.date(2020, 2, 3))
    untold = MemberFactory(home=branch, full_name="Vũ Bình", birth_date=born, admitted_on=datetime.date(2016, 3, 26))
    beside = MemberFactory(home=branch, full_name="Đỗ Cường", birth_date=born, job="Thủ quỹ")
    source = staged(
        branch,
        by,
        (1, "Lê Thu An", "22/3/2001", "Nữ", "Văn thư", "Ê Đê", ""),
        (2, "Vũ Bình", "22/3/2001", "", "", "Tày", ""),
    )
    assert apply_import(source=source, by=by, today=TODAY, leave_out=False) == {"new": 0, "changed": 2}
    for member in (told, untold, beside):
        member.refresh_from_db()
    assert (told.job, told.sex, told.address, told.birth_date, told.version) == ("Văn thư", "female", "Tổ 3", born, 2)
    assert (told.sensitive.ethnicity, told.sensitive.religion) == ("Ê Đê", "Không")
    assert told.sensitive.joined_party_on == datetime.date(2020, 2, 3)
    assert (untold.admitted_on, untold.sensitive.ethnicity) == (datetime.date(2016, 3, 26), "Tày")
    assert (beside.job, beside.version, Member.objects.count(), SensitiveData.objects.count()) == ("Thủ quỹ", 1, 3, 2)
    assert [told.history.first().history_type, told.history.first().job] == ["~", "Văn thư"]
    source.refresh_from_db()
    undo_import(source=source, by=by)
    told.refresh_from_db()
    assert (told.job, told.address, told.sensitive.ethnicity, told.sensitive.religion) == ("", "Tổ 3", "", "Không")
    assert told.version == 3


def test_keys_of_written_rows_come_in_the_order_of_the_rows(branch):
    row = columns_of(MemberFactory(home=branch))
    del row["id"]
    names = [f"Người {number}" for number in range(2_000)]  # more than one statement holds
    keys = write_rows(Member, [row | {"full_name": name} for name in names])
    held = dict(Member.objects.filter(pk__in=keys).values_list("pk", "full_name"))
    assert [held[key] for key in keys] == names


def test_a_list_of_texts_may_be_longer_than_a_statement_has_parameters(branch):
    member = MemberFactory(home=branch, full_name="Lê Thu An")
    texts = [f"người {number}" for number in range(300_000)]
    assert list(Member.objects.filter(name_key__in=listed([*texts, ' lê "thu" an', member.name_key]))) == [member]
