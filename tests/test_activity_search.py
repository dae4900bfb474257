"""Activities are found by their titles as Vietnamese type them: with marks, without, in any case, on both databases."""

import unicodedata
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from branches.models import Activity
from branches.recording import change_activity, record_activity
from branches.vietnamese import search_key
from tests.factories import ActivityFactory, IndicatorFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db

TITLES = ("Hiến máu đầu xuân", "Hiền tài và đất nước", "ĐỔI ĐỜI SỐNG", "Hội thi (Đoàn) 42-CT/TW", "Giảm 100% rác")


@pytest.fixture
def unit():
    found = UnitFactory()
    for title in TITLES:
        ActivityFactory(unit=found, title=title)
    ActivityFactory(title="Hiến máu của đơn vị lạ")
    return found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("hien", ["Hiến máu đầu xuân", "Hiền tài và đất nước"]),
        ("HIẾN", ["Hiến máu đầu xuân"]),
        ("hiền", ["Hiền tài và đất nước"]),
        ("xuan hien", ["Hiến máu đầu xuân"]),
        ("hiế", ["Hiến máu đầu xuân"]),
        ("ien", []),
        (unicodedata.normalize("NFD", "Hiến Máu"), ["Hiến máu đầu xuân"]),
        ("doi doi", ["ĐỔI ĐỜI SỐNG"]),
        ("đời", ["ĐỔI ĐỜI SỐNG"]),
        ("dời", []),
        ("doan", ["Hội thi (Đoàn) 42-CT/TW"]),
        ("42-ct/tw", ["Hội thi (Đoàn) 42-CT/TW"]),
        ("100%", ["Giảm 100% rác"]),
        ("%", []),
        ("_", []),
        ("  ", list(TITLES)),
    ],
)
def test_list_is_searched_with_and_without_marks(client, unit, words, found):
    client.force_login(account_at(unit))

    page = client.get(reverse("branches:activity_list", args=[unit.pk]), {"q": words}).context["page"]

    assert sorted(row.title for row in page.rows) == sorted(found)


def test_a_stranger_finds_nothing(client, unit):
    client.force_login(account_at(UnitFactory()))

    answer = client.get(reverse("branches:activity_list", args=[unit.pk]), {"q": "hien"})

    assert answer.status_code == 404


def test_key_follows_every_verb_and_stays_out_of_the_history(unit):
    account, day, area = account_at(unit), ActivityFactory(unit=unit).starts_on, IndicatorFactory().area

    made = record_activity(by=account, unit=unit, on=day, title="Chợ Tết", starts_on=day, area=area)
    assert made in Activity.objects.matching("cho tet")
    change_activity(activity=made, version=1, by=account, on=day, title="Gian hàng xuân")

    assert made not in Activity.objects.matching("cho tet")
    assert made in Activity.objects.matching("gian hang")
    assert "search_key" not in {field.name for field in Activity.history.model._meta.get_fields()}


def test_key_of_the_longest_title_with_the_widest_letters_is_kept(unit):
    ActivityFactory(unit=unit, title="İ" * 200)

    assert Activity.objects.matching("i" * 200).count() == 1


def test_migration_fills_the_keys_of_rows_that_are_there_already(unit, monkeypatch):
    migration = import_module("branches.migrations.0007_activity_search_key")
    monkeypatch.setattr(migration, "BATCH", 2)
    before = dict(Activity.objects.values_list("pk", "updated_at"))
    Activity.objects.update(search_key="")

    migration.fill(apps, None)

    assert set(Activity.objects.values_list("title", "search_key")) == {
        (title, search_key(title)) for title in (*TITLES, "Hiến máu của đơn vị lạ")
    }
    assert dict(Activity.objects.values_list("pk", "updated_at")) == before
