"""The secret address printed on a paper that no longer changes, behind which anybody may check the sheet in hand."""

import functools
import operator
import secrets

from django.db import models
from django.db.models import Q

from branches.models import Minutes
from branches.scoping import UnitScopedQuerySet
from inspections.models import CasePaper

from .congress import CongressPaper
from .emulation import EmulationRanking
from .submission import Submission

SOURCES = ("submission", "minutes", "case_paper", "ranking", "congress_paper")
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # without i, l, o, u, which are misread from paper
LENGTH = 26  # of 32 letters each: 130 bits


def new_token() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def proves_one_paper() -> Q:
    """Exactly one of the sources is there."""
    ways = (Q(**{f"{one}__isnull": one != there for one in SOURCES}) for there in SOURCES)
    return functools.reduce(operator.or_, ways)


class PaperProofQuerySet(UnitScopedQuerySet):
    """No account reads proofs as rows: who holds the paper asks with its token (reports/proofs.py)."""

    def visible_to(self, user):
        return self.none()

    def editable_by(self, user):
        return self.none()


class PaperProof(models.Model):
    """The token of one frozen edition of a paper, made when it is first printed and never changed.

    It keeps nothing else: number, day, issuer, hash and where the edition stands are read from the edition itself.
    """

    token = models.CharField(max_length=LENGTH, unique=True, default=new_token, editable=False)
    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="proof", verbose_name="báo cáo"
    )
    minutes = models.OneToOneField(
        Minutes, on_delete=models.PROTECT, null=True, blank=True, related_name="proof", verbose_name="biên bản"
    )
    case_paper = models.OneToOneField(
        CasePaper, on_delete=models.PROTECT, null=True, blank=True, related_name="proof", verbose_name="văn bản"
    )
    ranking = models.OneToOneField(
        EmulationRanking, on_delete=models.PROTECT, null=True, blank=True, related_name="proof",
        verbose_name="bảng điểm",
    )  # fmt: skip
    congress_paper = models.OneToOneField(
        CongressPaper, on_delete=models.PROTECT, null=True, blank=True, related_name="proof",
        verbose_name="văn bản đại hội",
    )  # fmt: skip
    made_at = models.DateTimeField(auto_now_add=True)

    objects = PaperProofQuerySet.as_manager()

    class Meta:
        verbose_name = "mã kiểm tra bản in"
        constraints = [models.CheckConstraint(condition=proves_one_paper(), name="paper_proof_of_one_paper")]
