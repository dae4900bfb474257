"""Verbs on the register: enrol a member, correct the record. How a membership ends: leaving.py."""

import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from branches.days import PartialDay
from branches.models import Member, Membership, Precision, SensitiveAccess, SensitiveData, Unit
from branches.models.rule import rules_on
from branches.vietnamese import lower

MEMBER_FIELDS = (
    "full_name",
    "national_code",
    "card_number",
    "sex",
    "birth_date",
    "phone",
    "email",
    "address",
    "hometown",
    "job",
    "education",
    "education_level",
    "politics",
    "admitted_on",
    "admitted_at",
)
SENSITIVE_FIELDS = (
    "ethnicity",
    "religion",
    "joined_party_on",
    "official_party_on",
    "personal_number",
    "discipline",
)
# Dates that may be known by month or year only: field → the column of its precision. A date given
# without a precision is known to the day.
PRECISIONS = {
    "birth_date": "birth_precision",
    "admitted_on": "admitted_precision",
    "joined_party_on": "joined_party_precision",
}
SENSITIVE_COLUMNS = (*SENSITIVE_FIELDS, "joined_party_precision")


class EnrolmentRefused(Exception):
    """The change is not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@transaction.atomic
def enrol_member(
    *,
    by,
    unit: Unit,
    on: datetime.date,
    full_name: str,
    begin_reason: str = Membership.Begin.REGISTERED,
    decision: str = "",
    namesake: bool = False,
    **fields,
) -> Member:
    """Write a person into the branch's register, with the official membership that begins `on`.

    `fields` are those of MEMBER_FIELDS and SENSITIVE_FIELDS. Somebody of the same name and birth date
    in the same branch is refused unless `namesake` says that they are two persons.
    """
    # The branch is the lock: of two people adding the same person at once, the second sees the first.
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if not unit.is_branch:
        raise EnrolmentRefused({"": f"Đoàn viên thuộc một chi đoàn. Hãy chọn chi đoàn trong {unit.name}."})
    if unit.dissolved_on:  # also for an earlier day: the membership would stand open at a unit that is no more
        raise EnrolmentRefused({"": f"{unit.name} đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y}."})
    member = Member(home=unit)
    sensitive = _assign(member, {"full_name": full_name, **fields})
    errors = _errors_of(member, sensitive)
    if begin_reason == Membership.Begin.ADMITTED and member.admitted_on and member.admitted_on > on:
        errors.setdefault("admitted_on", "Ngày vào Đoàn không thể sau ngày bắt đầu sinh hoạt tại chi đoàn.")
    if member.birth_date and member.birth_date >= on:
        errors.setdefault("birth_date", "Ngày sinh phải trước ngày bắt đầu sinh hoạt. Hãy xem lại năm.")
    if not namesake and not errors and _same_person_here(member).exists():
        errors["namesake"] = (
            f"{unit.name} đã có {member.full_name} cùng ngày sinh. Nếu là hai người, hãy đánh dấu ô này rồi lưu lại."
        )
    if errors:
        raise EnrolmentRefused(errors)
    member._history_user = by
    member.save()
    Membership.objects.create(member=member, unit=unit, starts_on=on, begin_reason=begin_reason, decision=decision)
    _keep_sensitive(member, sensitive)
    return member


@transaction.atomic
def change_member(*, member: Member, version: int, by, **fields) -> Member:
    """Correct the record; only the fields given change. Raises EditConflict when somebody was faster.

    Sensitive fields left out stay as they are: a form that did not show them cannot erase them.
    """
    member = Member.objects.select_related("home").get(pk=member.pk)
    if member.anonymised_on:
        raise EnrolmentRefused({"": "Hồ sơ này đã ẩn danh, không ghi thêm được."})
    member.claim(version)
    sensitive = _assign(member, fields)
    if errors := _errors_of(member, sensitive):
        raise EnrolmentRefused(errors)
    member._history_user = by
    member.save()
    if _keep_sensitive(member, sensitive):
        SensitiveAccess.objects.create(member=member, account=by, kind=SensitiveAccess.Kind.CHANGED)
    return member


@transaction.atomic
def open_sensitive(*, member: Member, by) -> SensitiveData | None:
    """The sensitive part, for an answer that shows it: there is no way to see it that leaves no row."""
    SensitiveAccess.objects.create(member=member, account=by, kind=SensitiveAccess.Kind.OPENED)
    return SensitiveData.objects.filter(member=member).first()


def warnings_about(member: Member, *, on: datetime.date, rules: dict | None = None) -> list[str]:
    """What a secretary should look at again. Ages are rules with dates, and never stop a save.

    `rules` are those of the day, where the caller has them already.
    """
    rules, found = rules or rules_on(on), []
    if member.birth_date is None:
        return found
    youngest, oldest = rules.get("member_age_min"), rules.get("member_age_max")
    # "From 16" is read as in the sixteenth year: fifteen full years and a day.
    full_years = int(youngest) - 1 if youngest else 0
    day_before = datetime.timedelta(days=1)
    if member.admitted_on and age_on(member.birth_date, member.admitted_on - day_before) < full_years:
        found.append(f"Vào Đoàn khi chưa đủ {full_years} tuổi. Hãy xem lại ngày sinh và ngày vào Đoàn.")
    age = age_on(member.birth_date, on)
    if age_on(member.birth_date, on - day_before) < full_years:
        found.append(f"Mới {age} tuổi, chưa đến tuổi đoàn viên ({youngest} tuổi).")
    elif oldest and age > int(oldest):
        found.append(f"Đã {age} tuổi, quá {oldest} tuổi: xem xét trưởng thành đoàn.")
    return found


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """Full years on the day; somebody born on 29/02 turns a year older on 01/03."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _assign(member: Member, fields: dict) -> dict:
    """Put the values on the member; give back those that belong to the sensitive record."""
    unknown = set(fields) - {*MEMBER_FIELDS, *SENSITIVE_FIELDS}
    if unknown:
        raise TypeError(f"not a field of a member: {', '.join(sorted(unknown))}")
    values = stored(fields)
    sensitive = {}
    for name, value in values.items():
        if name in SENSITIVE_COLUMNS:
            sensitive[name] = value
        else:
            setattr(member, name, value)
    return sensitive


def stored(fields: dict) -> dict:
    """The values as the columns hold them: a PartialDay becomes its day and its precision."""
    values = {}
    for name, value in fields.items():
        if name in PRECISIONS:
            known = value if isinstance(value, PartialDay) else PartialDay(value) if value else None
            values[name] = known.day if known else None
            values[PRECISIONS[name]] = known.precision if known else Precision.DAY
        else:
            values[name] = value
    return values


def _errors_of(member: Member, sensitive: dict) -> dict[str, str]:
    errors = faults_of(member, sensitive)
    if member.national_code and "national_code" not in errors:
        taken = Member.objects.filter(national_code=member.national_code, merged_into=None).exclude(pk=member.pk)
        namesake = taken.order_by("pk").first()
        if namesake is not None:
            # The name of a person in another branch is not for this reader.
            where = namesake.full_name if namesake.home_id == member.home_id else "một người ở đơn vị khác"
            errors["national_code"] = f"Mã này đã ghi cho {where}. Hãy xem lại mã."
    return errors


def faults_of(member: Member, sensitive: dict) -> dict[str, str]:
    """What is wrong with a record by itself, field → Vietnamese answer. Asks no database.

    `sensitive` has the columns of SensitiveData that are being said.
    """
    joined = PartialDay.of(sensitive.get("joined_party_on"), sensitive.get("joined_party_precision", Precision.DAY))
    errors = contradictions(
        {
            "full_name": member.full_name,
            "birth_date": PartialDay.of(member.birth_date, member.birth_precision),
            "admitted_on": PartialDay.of(member.admitted_on, member.admitted_precision),
            **sensitive,
            "joined_party_on": joined,
        }
    )
    member.national_code = (member.national_code or "").strip()
    try:
        # Unique and check constraints of the database speak English; the verbs answer first.
        member.full_clean(
            exclude=["name_key", "name_lower", "sort_key", "home", "merged_into"],
            validate_unique=False,
            validate_constraints=False,
        )
        if sensitive:
            SensitiveData(member=member, **sensitive).clean_fields(exclude=["member"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors.setdefault("" if name == NON_FIELD_ERRORS else name, messages[0])
    return errors


def contradictions(said: dict) -> dict[str, str]:
    """What no field can know alone: field → Vietnamese answer. `said` is field → value, partial dates as PartialDay."""
    errors = {}
    if not (said.get("full_name") or "").strip():
        errors["full_name"] = "Hãy ghi họ và tên."
    born, joined = said.get("birth_date"), said.get("joined_party_on")
    for name, what in (("admitted_on", "Ngày vào Đoàn"), ("joined_party_on", "Ngày vào Đảng")):
        if born and (known := said.get(name)) and known.last <= born.day:
            errors[name] = f"{what} phải sau ngày sinh {born.words}."
    official = said.get("official_party_on")
    if joined and official and official < joined.day:
        errors["official_party_on"] = f"Ngày chính thức không thể trước ngày vào Đảng {joined.words}."
    number = said.get("personal_number") or ""
    if number and not (number.isascii() and number.isdecimal() and len(number) in (9, 12)):
        errors["personal_number"] = "Số căn cước có 12 chữ số (chứng minh cũ có 9). Hãy xem lại số."
    return errors


def _same_person_here(member: Member):
    return Member.objects.filter(
        home_id=member.home_id, is_active=True, name_lower=lower(member.full_name), birth_date=member.birth_date
    )


def _keep_sensitive(member: Member, sensitive: dict) -> bool:
    """Write the sensitive part if it says something else than before, and tell whether it did."""
    if not sensitive:
        return False
    kept = SensitiveData.objects.filter(member=member).first() or SensitiveData(member=member)
    if all(getattr(kept, name) == value for name, value in sensitive.items()):
        return False
    for name, value in sensitive.items():
        setattr(kept, name, value)
    kept.save()
    return True
