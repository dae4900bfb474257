import pytest, datetime
from decimal import Decimal as D
from tests import factories as f
from branches.planning import *
from branches.enrolling import *
from branches.register import *
from django.db.models import Q
@pytest.mark.django_db
def test_all():
    u=f.UnionFactory(); b=f.UnitFactory(superior=u); by=f.account_at(b)
    t=set_target(by=by,unit=b,period=f.year(),indicator=f.IndicatorFactory(),comparator="ge",value=D(4))
    revise_target(target=t,version=1,by=by,on=datetime.date(2026,2,2),comparator="eq",value=D(5))
    assert t.revisions.count()==1
    made=copy_plan(unit=b,from_period=f.year(),to_period=f.year(2027),by=by)
    assert len(made)==1
    add_indicator(by=by,unit=b,year=2026,name="Vé xe",unit_word="vé",measure="count",area=f.WorkAreaFactory())
    m=enrol_member(by=by,unit=b,on=datetime.date(2026,1,1),full_name="Lê An",sex="female",joined_party_on=datetime.date(2025,1,1),birth_date=datetime.date(2000,1,1))
    assert register_figures(units=Q(unit=b),keys=["members","women","party_members"],day=datetime.date(2026,1,1))=={"members":1,"women":1,"party_members":1}
    change_member(member=m,version=1,by=by,phone="0912")
    end_membership(member=m,on=datetime.date(2026,3,1),reason="matured",by=by)
    assert register_amounts(["members","matured"],Q(unit=b),datetime.date(2026,1,1),datetime.date(2027,1,1),datetime.date(2026,11,1))=={(b.pk,"matured"):1}
    remove_target(target=t,version=2,by=by,on=datetime.date(2026,2,2))
