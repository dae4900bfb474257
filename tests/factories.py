"""Small factories for tests: one realistic row each, with only what the test does not care about filled in.

Append only; other tests lean on the defaults. Names of persons are invented.
"""

import datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from branches.models import (
    Account,
    Activity,
    Direction,
    Evidence,
    Indicator,
    Member,
    Membership,
    Participation,
    Period,
    Post,
    PostType,
    Quantity,
    Rule,
    SensitiveData,
    Target,
    Unit,
    WorkArea,
)
from branches.restructuring import found_unit

FOUNDED = datetime.date(2015, 1, 1)
PASSWORD = "mat-khau-chi-dung-de-thu"
# The kinds of post of migration 0002, so that a test database without it still knows them.
POST_TYPES = {
    "secretary": (
        "Bí thư",
        "committee",
        ["view", "record", "manage", "submit"],
        ["view", "record", "manage", "submit"],
    ),
    "deputy_secretary": (
        "Phó Bí thư",
        "committee",
        ["view", "record", "manage", "submit"],
        ["view", "record", "manage", "submit"],
    ),
    "committee_member": ("Ủy viên Ban Chấp hành", "committee", ["view", "record"], []),
    "member": ("Đoàn viên", "member", ["view"], []),
    "superior_secretary": ("Bí thư", "committee", ["view", "record", "manage", "submit"], ["view", "approve"]),
    "superior_office": ("Cán bộ văn phòng", "office", ["view", "record", "manage", "submit"], ["view", "approve"]),
    "inspection_chair": ("Chủ nhiệm Ủy ban Kiểm tra", "inspection", ["inspect"], ["inspect"]),
    "inspection_member": ("Ủy viên Ủy ban Kiểm tra", "inspection", ["inspect"], ["inspect"]),
    "party_secretary": ("Bí thư cấp ủy", "party", ["oversee"], ["oversee"]),
    "party_member": ("Cấp ủy viên", "party", ["oversee"], ["oversee"]),
    "administrator": ("Quản trị", "office", ["view", "administer"], ["view", "administer"]),
}
AREAS = {
    "education": ("Công tác tuyên truyền, giáo dục", 1),
    "movement": ("Phong trào hành động cách mạng", 2),
    "companionship": ("Đồng hành với thanh niên", 3),
    "children": ("Chăm sóc, giáo dục thiếu niên, nhi đồng", 4),
    "international": ("Quốc tế thanh niên", 5),
    "building": ("Xây dựng Đoàn, mở rộng mặt trận đoàn kết tập hợp thanh niên", 6),
}


class UnitFactory(DjangoModelFactory):
    """A chi đoàn founded on 01/01/2015; `superior=` hangs it in the tree, `on=` moves the founding day."""

    class Meta:
        model = Unit

    kind = Unit.Kind.BRANCH
    name = factory.Sequence(lambda n: f"Chi đoàn số {n}")
    code = factory.Sequence(lambda n: f"thu-{n}")
    place = "Buôn Ma Thuột"
    superior = None
    on = FOUNDED

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return found_unit(**kwargs)


class UnionFactory(UnitFactory):
    """A Đoàn above branches."""

    kind = Unit.Kind.ABOVE_GRASSROOTS
    name = factory.Sequence(lambda n: f"Đoàn Khối số {n}")
    document_code = "ĐK"


class AccountFactory(DjangoModelFactory):
    """Somebody who can sign in with PASSWORD and holds no post yet."""

    class Meta:
        model = Account
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"nguoi-{n}")
    full_name = factory.Sequence(lambda n: f"Lê Thị Thử {n}")
    password = factory.django.Password(PASSWORD)


class PostTypeFactory(DjangoModelFactory):
    """A kind of post by its code, with the verbs of the catalogue."""

    class Meta:
        model = PostType
        django_get_or_create = ("code",)

    code = "secretary"
    name = factory.LazyAttribute(lambda o: POST_TYPES[o.code][0])
    body = factory.LazyAttribute(lambda o: POST_TYPES[o.code][1])
    verbs_here = factory.LazyAttribute(lambda o: POST_TYPES[o.code][2])
    verbs_below = factory.LazyAttribute(lambda o: POST_TYPES[o.code][3])


class PostFactory(DjangoModelFactory):
    """A post from 01/01/2015, without end. `type="party_secretary"` takes a code or a PostType."""

    class Meta:
        model = Post

    account = factory.SubFactory(AccountFactory)
    unit = factory.SubFactory(UnitFactory)
    type = "secretary"
    starts_on = FOUNDED

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        if isinstance(kwargs["type"], str):
            kwargs["type"] = PostTypeFactory(code=kwargs["type"])
        kwargs["account"].__dict__.pop("posts_today", None)  # it may have been asked before the post
        return super()._create(model_class, *args, **kwargs)


def account_at(unit, type="secretary", **account) -> Account:
    """An account holding one post of this type at the unit."""
    return PostFactory(unit=unit, type=type, account=AccountFactory(**account)).account


class MemberFactory(DjangoModelFactory):
    """A member of `home` since `since`; `party_on=` writes the day of Party admission."""

    class Meta:
        model = Member

    full_name = factory.Sequence(lambda n: f"Nguyễn Văn Thử {n}")
    home = factory.SubFactory(UnitFactory)
    sex = Member.Sex.MALE
    birth_date = datetime.date(2000, 5, 19)
    since = FOUNDED
    begin_reason = Membership.Begin.REGISTERED
    party_on = None

    @classmethod
    def _create(cls, model_class, *args, since, begin_reason, party_on, **kwargs):
        member = super()._create(model_class, *args, **kwargs)
        Membership.objects.create(member=member, unit=member.home, starts_on=since, begin_reason=begin_reason)
        if party_on:
            SensitiveData.objects.create(member=member, joined_party_on=party_on)
        return member


class WorkAreaFactory(DjangoModelFactory):
    """A chapter of the report by its code."""

    class Meta:
        model = WorkArea
        django_get_or_create = ("code",)

    code = "movement"
    name = factory.LazyAttribute(lambda o: AREAS.get(o.code, (o.code, 9))[0])
    position = factory.LazyAttribute(lambda o: AREAS.get(o.code, (o.code, 9))[1])


class IndicatorFactory(DjangoModelFactory):
    """A counted indicator, added over time and over units; its own code, so no edition is replaced."""

    class Meta:
        model = Indicator

    code = factory.Sequence(lambda n: f"thu-{n}")
    first_year = 2015
    area = factory.SubFactory(WorkAreaFactory)
    name = factory.Sequence(lambda n: f"Chỉ tiêu thử {n}")
    unit_word = "lượt người"


class ShareFactory(IndicatorFactory):
    """A share of members: numerator over denominator, the newest figure counts."""

    measure = Indicator.Measure.SHARE
    over_time = Indicator.OverTime.LAST
    unit_word = "đoàn viên"


class YesNoFactory(IndicatorFactory):
    """Something a unit has or has not."""

    measure = Indicator.Measure.YES_NO
    over_time = Indicator.OverTime.MAX
    over_units = Indicator.OverUnits.SHARE_OF_UNITS
    unit_word = "đơn vị"


class MoneyFactory(IndicatorFactory):
    """đồng."""

    measure = Indicator.Measure.MONEY
    unit_word = "đồng"


def year(number: int = 2026) -> Period:
    """The stored calendar year."""
    return Period.objects.year(number)


class TermFactory(DjangoModelFactory):
    """A term of a unit, 2019-2022 unless said otherwise."""

    class Meta:
        model = Period

    kind = Period.Kind.TERM
    unit = factory.SubFactory(UnitFactory)
    name = "Nhiệm kỳ 2019-2022"
    starts_on = datetime.date(2019, 11, 1)
    ends_on = datetime.date(2022, 5, 1)


class DirectionFactory(DjangoModelFactory):
    """Something the Party committee asked on 31/03/2026."""

    class Meta:
        model = Direction

    unit = factory.SubFactory(UnitFactory)
    given_by = Direction.GivenBy.PARTY
    body_name = "Chi bộ cơ quan"
    given_on = datetime.date(2026, 3, 31)
    text = "Lượng hóa các hoạt động trong năm"


class TargetFactory(DjangoModelFactory):
    """At least 4 of an indicator in 2026."""

    class Meta:
        model = Target

    unit = factory.SubFactory(UnitFactory)
    period = factory.LazyFunction(year)
    indicator = factory.SubFactory(IndicatorFactory)
    comparator = Target.Comparator.AT_LEAST
    value = factory.LazyAttribute(lambda o: None if o.comparator in Target.WITHOUT_VALUE else Decimal(4))


class ActivityFactory(DjangoModelFactory):
    """A held activity of one day, 29/01/2026; `last_on` follows `starts_on`, the totals as after a real save."""

    class Meta:
        model = Activity

    unit = factory.SubFactory(UnitFactory)
    title = factory.Sequence(lambda n: f"Hoạt động thử {n}")
    starts_on = datetime.date(2026, 1, 29)
    last_on = factory.SelfAttribute("starts_on")
    area = factory.SubFactory(WorkAreaFactory)
    state = Activity.State.HELD
    totals = True  # False where a quantity follows, which keeps them for both

    @classmethod
    def _create(cls, model_class, *args, totals, **kwargs):
        activity = super()._create(model_class, *args, **kwargs)
        if totals and activity.state == Activity.State.HELD:
            refresh(activity, [])
        return activity


class QuantityFactory(DjangoModelFactory):
    """What an activity adds to an indicator; the year's totals follow, as after a real save."""

    class Meta:
        model = Quantity

    activity = factory.SubFactory(ActivityFactory, totals=False)
    indicator = factory.SubFactory(IndicatorFactory)
    value = Decimal(1)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        quantity = super()._create(model_class, *args, **kwargs)
        refresh(quantity.activity, [quantity.indicator.code])
        return quantity


def refresh(activity, codes) -> None:
    """Keep the cache of totals true for rows written past the verbs."""
    from branches.totals import refresh_totals

    refresh_totals(unit_id=activity.unit_id, codes=set(codes), days={activity.last_on})


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    activity = factory.SubFactory(ActivityFactory)
    member = factory.SubFactory(MemberFactory)


class RuleFactory(DjangoModelFactory):
    """A rule in force since 2015; with a key that exists already, its value is replaced."""

    class Meta:
        model = Rule
        django_get_or_create = ("key", "valid_from")

    key = "about_tolerance"
    value = "0.05"
    valid_from = datetime.date(2015, 1, 1)
    source = "Ví dụ trong kiểm thử"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        Rule.objects.filter(key=kwargs["key"]).delete()
        return super()._create(model_class, *args, **kwargs)


class EvidenceLinkFactory(DjangoModelFactory):
    """A link as evidence; the year's totals follow, as after a real save."""

    class Meta:
        model = Evidence

    activity = factory.SubFactory(ActivityFactory, totals=False)
    link = "https://doanthanhnien.example/tin/1"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        evidence = super()._create(model_class, *args, **kwargs)
        refresh(evidence.activity, evidence.activity.quantities.values_list("indicator__code", flat=True))
        return evidence
