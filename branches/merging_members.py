"""Two records of one person become one: what will stand is shown first, then everything moves in one transaction.

The absorbed record stays as a pointer (`merged_into`) without contact data and codes; MemberMerge keeps what both
said, so that the merge can be explained and, if it was wrong, put right by hand. The right to keep both records is
asked by the views and once more under the locks: whoever could merge with one right only could make a false twin
of a stranger and read the real one through it.
"""

from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction
from django.db.models import Model

from branches.days import PartialDay
from branches.duplicates import is_said_not_same
from branches.enrolling import MEMBER_FIELDS, PRECISIONS, SENSITIVE_FIELDS, change_member
from branches.joining_spans import Span, joined
from branches.merging_rows import MOVES
from branches.models import Account, EditConflict, Member, MemberMerge, Membership, SensitiveData, Transfer

KEPT, ABSORBED = "kept", "absorbed"
# Codes and ways to reach somebody belong to the person; a pointer is no person.
TAKEN_FROM_POINTER = ("national_code", "card_number", "phone", "email", "address", "hometown")


class MergeRefused(Exception):
    """The two records cannot become one as they stand; the message says what to do, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of both records: the values (PartialDay, str or a day) and the side whose value stands."""

    field: str
    kept: object
    absorbed: object
    side: str
    is_sensitive: bool = False

    @property
    def stands(self):
        return self.kept if self.side == KEPT else self.absorbed

    @property
    def differs(self) -> bool:
        """Both say something, and not the same: somebody has to look."""
        return bool(self.kept) and bool(self.absorbed) and self.kept != self.absorbed


def value_of(record: Model, field: str):
    """The field as it is known: a PartialDay where it may be one."""
    value = getattr(record, field)
    return PartialDay.of(value, getattr(record, PRECISIONS[field])) if field in PRECISIONS else value


def choices_between(kept: Member, absorbed: Member, sides: dict[str, str] | None = None) -> list[Choice]:
    """Every field of both records. `sides` says whose value stands; left out, filled beats empty, exact beats
    vague, and otherwise the kept record stands. Two queries.
    """
    sides = sides or {}
    own = SensitiveData.objects.filter(member=kept).first() or SensitiveData()
    other = SensitiveData.objects.filter(member=absorbed).first() or SensitiveData()
    records = [(name, kept, absorbed, False) for name in MEMBER_FIELDS]
    records += [(name, own, other, True) for name in SENSITIVE_FIELDS]
    found = []
    for name, first, second, is_sensitive in records:
        values = value_of(first, name), value_of(second, name)
        found.append(Choice(name, *values, sides.get(name) or _usual_side(*values), is_sensitive))
    return found


def _usual_side(kept, absorbed) -> str:
    if not kept or not absorbed:
        return ABSORBED if absorbed else KEPT
    if isinstance(kept, PartialDay) and len(absorbed.iso) > len(kept.iso) and absorbed.iso.startswith(kept.iso):
        return ABSORBED
    return KEPT


def spans_after(kept: Member, absorbed: Member) -> list[Span]:
    """Where the person belonged when, once the two are one. Two queries."""
    return joined(*(one.memberships.select_related("unit").order_by("starts_on", "pk") for one in (kept, absorbed)))


def why_not(kept: Member, absorbed: Member) -> str:
    """What stands in the way of this merge, with what to do about it; nothing when it can go on."""
    if kept.pk == absorbed.pk:
        return "Đây là cùng một hồ sơ."
    if kept.merged_into_id or absorbed.merged_into_id:
        return "Một trong hai hồ sơ đã được gộp. Hãy xem lại danh sách hồ sơ trùng."
    if kept.anonymised_on or absorbed.anonymised_on:
        return "Một trong hai hồ sơ đã ẩn danh, không gộp được nữa."
    if is_said_not_same(kept, absorbed):
        return "Hai hồ sơ này đã được ghi là hai người. Nếu ghi nhầm, hãy bỏ ghi ở trang hồ sơ trùng rồi gộp."
    accounts = list(Account.objects.filter(member__in=[kept, absorbed]).order_by("pk"))
    if len(accounts) > 1:
        names = " và ".join(account.username for account in accounts)
        return f"Mỗi hồ sơ có một tài khoản ({names}). Hãy nhờ người quản trị bỏ gắn một tài khoản rồi gộp."
    if moving := Transfer.objects.filter(member__in=[kept, absorbed], state=Transfer.State.SENT).first():
        return (
            f"Đang chuyển sinh hoạt đến {moving.target_name}, chưa có trả lời. "
            "Hãy đợi trả lời hoặc rút việc chuyển, rồi gộp."
        )
    return ""


@transaction.atomic
def merge_members(
    *, kept: Member, absorbed: Member, versions: tuple[int, int], sides: dict[str, str] | None = None, by
) -> MemberMerge:
    """Make `absorbed` a part of `kept`. `versions` are those the preview showed, of kept and absorbed.

    `sides` maps a field to KEPT or ABSORBED, see choices_between. Raises MergeRefused, EditConflict when one of
    the two was changed meanwhile, and EnrolmentRefused when the chosen values contradict each other.
    """
    # Always in the order of keys: of two people merging the same pair the second one waits and then sees it done.
    locked = {
        one.pk: one for one in Member.objects.select_for_update().filter(pk__in=[kept.pk, absorbed.pk]).order_by("pk")
    }
    kept, absorbed = locked.get(kept.pk, kept), locked.get(absorbed.pk, absorbed)
    if refused := why_not(kept, absorbed):
        raise MergeRefused(refused)
    if Member.objects.editable_by(by).filter(pk__in=locked).count() != 2:
        raise MergeRefused("Chỉ người quản lý danh sách của cả hai hồ sơ gộp được.")
    for one, version in zip((kept, absorbed), versions, strict=True):
        if one.version != version:
            raise EditConflict(one)
    choices = choices_between(kept, absorbed, sides)
    spans = spans_after(kept, absorbed)
    merge = MemberMerge(kept=kept, absorbed=absorbed, merged_by=by, values=_told(choices))
    before = [_span_words(row) for one in (kept, absorbed) for row in one.memberships.order_by("starts_on", "pk")]
    _write_spans(kept, absorbed, spans)
    moved = {name: count for name, move in MOVES.items() if (count := move(kept, absorbed, by))}
    merge.moved = {"rows": moved, "memberships_before": before, "memberships": [_span_words(span) for span in spans]}
    _make_pointer(absorbed, kept, by)
    _settle_home(kept, spans, by)
    change_member(member=kept, version=kept.version, by=by, **_said(choices))
    SensitiveData.objects.filter(member=absorbed).delete()
    merge.save()
    return merge


def merges_of(member: Member):
    """How this record came about: the merges whose absorbed record points here now, the oldest first."""
    rows = MemberMerge.objects.filter(absorbed__merged_into=member)
    return rows.select_related("kept", "absorbed__home", "merged_by").order_by("pk")


def pointed_at(user, pk: int) -> Member | None:
    """The record a merged one leads to, for somebody who may see that."""
    return Member.objects.visible_to(user).filter(absorbed__pk=pk).first()


# --- parts of the verb ------------------------------------------------------------------------------


def _said(choices: list[Choice]) -> dict:
    """What change_member is told: only what the kept record did not say already."""
    changed = {one.field: one.stands for one in choices if one.stands != one.kept}
    # The name is always said, so that the kept record is checked as a whole and its version rises.
    return {"full_name": next(one.stands for one in choices if one.field == "full_name")} | changed


def _told(choices: list[Choice]) -> dict:
    """Values for the explanation. What the law calls sensitive is not copied: only whose value stands."""
    told = {}
    for one in choices:
        if not one.kept and not one.absorbed:
            continue
        told[one.field] = (
            ["", "", one.side] if one.is_sensitive else [_plain(one.kept), _plain(one.absorbed), _plain(one.stands)]
        )
    return told


def _plain(value) -> str:
    return value.iso if isinstance(value, PartialDay) else str(value or "")


def _span_words(span: Span | Membership) -> dict:
    """A span as it stood, for the explanation."""
    return {
        "kind": str(span.kind), "unit": span.unit_id, "starts_on": span.starts_on.isoformat(),
        "ends_on": span.ends_on.isoformat() if span.ends_on else None,
        "begin_reason": str(span.begin_reason), "end_reason": str(span.end_reason),
    }  # fmt: skip


def _write_spans(kept: Member, absorbed: Member, spans: list[Span]) -> None:
    carried = {span.row for span in spans}
    Membership.objects.filter(member__in=[kept, absorbed]).exclude(pk__in=carried - {None}).delete()
    # The open one last: a person has one official home at a time, also between two statements.
    for span in sorted(spans, key=attrgetter("end")):
        if span.row is None:
            Membership.objects.create(member=kept, **span.columns)
        else:
            Membership.objects.filter(pk=span.row).update(member=kept, **span.columns)


def _settle_home(kept: Member, spans: list[Span], by) -> None:
    """The home is the unit of the open official span; without one the person has left."""
    now = next((span for span in spans if span.kind == Membership.Kind.OFFICIAL and span.ends_on is None), None)
    if now is not None and (now.unit_id, True) != (kept.home_id, kept.is_active):
        kept.home_id, kept.is_active, kept._history_user = now.unit_id, True, by
        kept.save()


def _make_pointer(absorbed: Member, kept: Member, by) -> None:
    absorbed.claim(absorbed.version)
    absorbed.merged_into, absorbed.is_active, absorbed._history_user = kept, False, by
    for name in TAKEN_FROM_POINTER:
        setattr(absorbed, name, "")
    absorbed._change_reason = f"Gộp vào hồ sơ {kept.pk}"
    absorbed.save()
