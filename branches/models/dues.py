"""Membership dues and the fund of a branch. Money is whole đồng; months are named by their first day.

Rates, the longest exemption and the share sent up are rules (`dues_rates`, `dues_exemption_months`,
`dues_share_up`). A month is owed to the unit in which the member was, officially, on its first day.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.scoping import UnitScopedQuerySet, reach

from .versioned import Versioned


class IncomeStatus(models.TextChoices):
    SALARIED = "salaried", "Có lương"
    UNSALARIED = "unsalaried", "Không có lương"
    ABROAD = "abroad", "Ở nước ngoài"


class OfMemberQuerySet(UnitScopedQuerySet):
    to_unit = "member__home__"
    read_rights = ("record", "manage", "approve")
    write_rights = ("record",)


class IncomeSpan(models.Model):
    """From this month on the member pays the rate of this status, until the next span begins."""

    member = models.ForeignKey("branches.Member", on_delete=models.CASCADE, related_name="income_spans")
    status = models.CharField("diện đóng", max_length=10, choices=IncomeStatus)
    from_month = models.DateField("từ tháng")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "diện đóng đoàn phí"
        constraints = [
            models.UniqueConstraint(fields=["member", "from_month"], name="income_span_one_start"),
            models.CheckConstraint(condition=Q(from_month__day=1), name="income_span_begins_a_month"),
        ]


class DuesExemption(models.Model):
    """The member owes nothing from one month to another, the last one included."""

    member = models.ForeignKey("branches.Member", on_delete=models.CASCADE, related_name="dues_exemptions")
    from_month = models.DateField("từ tháng")
    last_month = models.DateField("đến hết tháng")
    reason = models.CharField("lý do", max_length=200)
    decision = models.CharField("văn bản đồng ý", max_length=120, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "miễn đoàn phí"
        constraints = [
            models.CheckConstraint(condition=Q(last_month__gte=F("from_month")), name="dues_exemption_span"),
            models.CheckConstraint(
                condition=Q(from_month__day=1, last_month__day=1), name="dues_exemption_whole_months"
            ),
        ]


class MoneyQuerySet(UnitScopedQuerySet):
    read_rights = ("record", "manage", "approve", "inspect")
    write_rights = ("record",)

    def standing(self):
        """What was not taken back."""
        return self.filter(reversed_on=None)


class DuesReceipt(models.Model):
    """Money somebody handed over on a day, for the months of its payments. Never changed; taken back as a whole."""

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="dues_receipts")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField("số phiếu")
    paid_on = models.DateField("ngày thu")
    total = models.PositiveBigIntegerField("số tiền")  # the sum of its payments, written once and checked
    note = models.CharField("ghi chú", max_length=200, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    reversed_on = models.DateField("ngày hủy", null=True, blank=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reverse_reason = models.CharField("lý do hủy", max_length=200, blank=True)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "phiếu thu đoàn phí"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="dues_receipt_number_once"),
            models.CheckConstraint(
                condition=Q(reversed_on=None, reverse_reason="") | Q(reversed_on__isnull=False) & ~Q(reverse_reason=""),
                name="dues_receipt_reversed_with_a_reason",
            ),
        ]


class DuesPayment(models.Model):
    """One month of one member, paid. At most one standing payment a month."""

    receipt = models.ForeignKey(DuesReceipt, on_delete=models.PROTECT, related_name="payments")
    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="dues_payments")
    member = models.ForeignKey("branches.Member", on_delete=models.PROTECT, related_name="dues_payments")
    # The unit that ended and to which the month was owed, where its successor took the money.
    owed_to = models.ForeignKey(
        "branches.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nợ từ"
    )
    month = models.DateField("tháng")
    amount = models.PositiveIntegerField("số tiền")
    reversed_on = models.DateField(null=True, blank=True)
    remittance = models.ForeignKey(
        "branches.Remittance", on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "tháng đoàn phí"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "month"], condition=Q(reversed_on=None), name="dues_payment_month_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="dues_payment_of_a_month"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dues_payment_is_money"),
        ]
        indexes = [models.Index(fields=["unit", "month"], name="dues_grid")]


class RemittanceQuerySet(UnitScopedQuerySet):
    """A slip belongs to both sides: who handed the money over, and who is to accept it."""

    read_rights = ("record", "manage", "approve", "inspect")
    write_rights = ("record",)

    def reached_by(self, user, right):
        return self.filter(reach(user, "unit__", right=right) | reach(user, "superior__", right=right))

    def handed_over_by(self, user):
        return self.filter(reach(user, "unit__", right=self.write_rights))

    def acceptable_by(self, user):
        outside = Q(superior=None) & reach(user, "unit__", right=self.write_rights)
        return self.filter(reach(user, "superior__", right=self.write_rights) | outside)


class Remittance(Versioned):
    """The hand-over slip: what was received, which part of it goes up (rounded down to đồng), and its acceptance.

    `received` is the sum of its payments and of the accepted slips it brought (`brought`).
    """

    class State(models.TextChoices):
        SENT = "sent", "Chờ cấp trên nhận"
        ACCEPTED = "accepted", "Đã nhận"
        RETURNED = "returned", "Trả lại"
        WITHDRAWN = "withdrawn", "Đã rút"

    STANDING = (State.SENT, State.ACCEPTED)

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="remittances")
    superior = models.ForeignKey(
        "branches.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="remittances_received"
    )
    superior_name = models.CharField("nơi nhận", max_length=200)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField("số phiếu")
    # The span this slip answers for, as the duty calendar asks: usually a quarter.
    starts_on = models.DateField("kỳ từ ngày")
    ends_on = models.DateField("đến trước ngày")
    received = models.PositiveBigIntegerField("đã thu")
    amount = models.PositiveBigIntegerField("trích nộp")
    handed_on = models.DateField("ngày nộp")
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("tình trạng", max_length=9, choices=State, default=State.SENT)
    answered_on = models.DateField("ngày nhận", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField("lý do trả lại, ghi chú", max_length=300, blank=True)
    # The superior's own slip that this money went up with: what was accepted goes up once, and only once.
    passed_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="brought"
    )

    objects = RemittanceQuerySet.as_manager()

    class Meta:
        verbose_name = "phiếu trích nộp đoàn phí"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="remittance_number_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="remittance_span"),
            models.CheckConstraint(condition=Q(amount__lte=F("received")), name="remittance_is_a_part"),
        ]
        indexes = [models.Index(fields=["superior", "state"]), models.Index(fields=["unit", "starts_on"])]


class FundEntry(models.Model):
    """A line of the fund book typed by hand. Dues received and sent up are lines by themselves: see dues/fund.py."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Số dư mang sang"
        INCOME = "income", "Thu"
        EXPENSE = "expense", "Chi"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="fund_entries")
    kind = models.CharField("thu hay chi", max_length=8, choices=Kind)
    dated_on = models.DateField("ngày")
    amount = models.PositiveBigIntegerField("số tiền")
    text = models.CharField("nội dung", max_length=200)
    counterpart = models.CharField("người nộp, người nhận", max_length=120, blank=True)
    document = models.CharField("chứng từ", max_length=80, blank=True)
    activity = models.ForeignKey(
        "branches.Activity", on_delete=models.SET_NULL, null=True, blank=True, related_name="fund_entries"
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    reversed_on = models.DateField("ngày hủy", null=True, blank=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reverse_reason = models.CharField("lý do hủy", max_length=200, blank=True)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng sổ quỹ"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="fund_entry_is_money"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(kind="opening", reversed_on=None), name="fund_opened_once"
            ),
        ]
        indexes = [models.Index(fields=["unit", "dated_on"], name="fund_book")]
