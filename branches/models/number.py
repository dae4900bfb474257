"""The register of paper numbers: one book a unit, type of paper and term or year, without gaps or doubles."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.scoping import UnitScopedQuerySet, reach


def kept_by(user, to_unit: str = "unit__") -> Q:
    """Rows at units whose register the user keeps: the unit's officers, and its own inspection committee. What
    that committee may inspect below has registers of its own."""
    own = [post.unit_id for post in getattr(user, "posts_today", []) if "inspect" in post.type.verbs_here]
    return reach(user, to_unit, right=RegisterQuerySet.write_rights) | Q(**{f"{to_unit}pk__in": own})


class RegisterQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "record", "approve", "inspect")
    write_rights = ("record", "manage")

    def editable_by(self, user):
        return self.filter(kept_by(user, self.to_unit))


class NumberBookQuerySet(RegisterQuerySet):
    to_book = ""

    def visible_to(self, user):
        """What the inspection committee and its teams issue is told to those who keep the register: a decision about
        a visit nobody is to know of has its abstract there before the visit."""
        own = kept_by(user, self.to_unit)
        return self.filter(reach(user, self.to_unit, right=self.read_rights) & Q(**{f"{self.to_book}body": ""}) | own)


class NumberSpan(models.Model):
    """How a unit counts its papers from a day on: through the term (the rule, where nothing is said) or anew each
    year. Rows are added, never changed: a book once begun stays what it is."""

    class Span(models.TextChoices):
        TERM = "term", "Theo nhiệm kỳ"
        YEAR = "year", "Theo năm"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="number_spans")
    span = models.CharField("đánh số", max_length=4, choices=Span)
    valid_from = models.DateField("từ ngày")

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = "cách đánh số văn bản"
        constraints = [models.UniqueConstraint(fields=["unit", "valid_from"], name="number_span_once_a_day")]


class NumberBook(models.Model):
    """The numbers of one type of paper of one issuing body in one term or year. Its row is the lock."""

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="number_books")
    # Who of the unit issues: "" its committee, "UBKT" its inspection committee, "ĐKT" its inspection teams.
    body = models.CharField("cơ quan", max_length=12, blank=True)
    type_code = models.CharField("loại văn bản", max_length=8)
    key = models.CharField("nhiệm kỳ, năm", max_length=20)  # "2026", "NK 2022-2027"
    last = models.PositiveIntegerField("số cuối cùng", default=0)

    objects = NumberBookQuerySet.as_manager()

    class Meta:
        verbose_name = "sổ số văn bản"
        constraints = [models.UniqueConstraint(fields=["unit", "body", "type_code", "key"], name="number_book_once")]


class PaperNumberQuerySet(NumberBookQuerySet):
    to_unit = "book__unit__"
    to_book = "book__"


class PaperNumber(models.Model):
    """One number of a book. A number is never given twice; what was reserved and not used stays, as unused."""

    class State(models.TextChoices):
        RESERVED = "reserved", "Giữ chỗ"
        USED = "used", "Đã dùng"
        UNUSED = "unused", "Bỏ không dùng"

    book = models.ForeignKey(NumberBook, on_delete=models.PROTECT, related_name="numbers")
    number = models.PositiveIntegerField("số")
    symbol = models.CharField("số, ký hiệu", max_length=60)
    state = models.CharField("tình trạng", max_length=8, choices=State, default=State.USED)
    about = models.CharField("trích yếu", max_length=300, blank=True)
    search_text = models.CharField(max_length=400, blank=True, editable=False)  # symbol and words without marks
    dated_on = models.DateField("ngày văn bản")
    # Why the number is not the next one, or why it was left unused.
    reason = models.CharField("lý do", max_length=300, blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)

    objects = PaperNumberQuerySet.as_manager()

    class Meta:
        verbose_name = "số văn bản"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="paper_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="paper_number_from_one"),
            models.CheckConstraint(condition=~Q(state="unused") | ~Q(reason=""), name="paper_number_unused_says_why"),
        ]

    def __str__(self):
        return self.symbol

    def save(self, *args, **kwargs):
        from branches.vietnamese import plain

        self.search_text = plain(f"{self.symbol} {self.about}")[:400]
        super().save(*args, **kwargs)
