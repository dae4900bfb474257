"""The administration site: every list and form opens for the administrator, and for nobody else."""

import pytest
from django.contrib import admin
from django.urls import reverse

from branches.models import CriteriaSet, DutyType, LabelSet
from tests.factories import AccountFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
OURS = sorted((model for model in admin.site._registry if model._meta.app_label == "branches"), key=str)


def address(model, page, *args):
    return reverse(f"admin:branches_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def administrator(client):
    account = AccountFactory(is_staff=True, is_superuser=True)
    client.force_login(account)
    return client


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_open(model, administrator):
    UnitFactory()
    assert administrator.get(address(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", [DutyType, LabelSet, CriteriaSet])
def test_what_is_data_can_be_written_and_is_never_deleted(model, administrator):
    row = model.objects.order_by("pk").first()
    assert administrator.get(address(model, "add")).status_code == 200
    assert administrator.get(address(model, "change", row.pk)).status_code == 200
    assert administrator.get(address(model, "delete", row.pk)).status_code == 403


def test_a_secretary_is_no_administrator(client):
    client.force_login(account_at(UnitFactory()))
    for model in OURS:
        assert client.get(address(model, "changelist")).status_code == 302
