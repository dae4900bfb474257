"""What the pages of a member and of a unit say about awards, the way to the Party and discipline."""

from branches.models import Award, Discipline, Member, Unit
from branches.models.merit import AwardQuerySet, ClosedQuerySet
from branches.views.awards import panel_of

LAST_AWARDS = 5


def member_merit(user, member: Member, rights: set[str]) -> dict:
    """Three queries: awards, the years around them, cases. Awards are for who sees the unit's work, and the person."""
    is_own = user.member_id == member.pk
    awards = Award.objects.filter(member=member)
    if not is_own:
        awards = awards.visible_to(user)
    keeps = "manage" in rights and member.is_active and not member.anonymised_on
    return {
        "awards": panel_of(user, awards, LAST_AWARDS),
        "may_add_award": member.is_active and not rights.isdisjoint(AwardQuerySet.write_rights),
        "may_read": not rights.isdisjoint(ClosedQuerySet.read_rights),
        "cases": list(Discipline.objects.visible_to(user).filter(member=member).order_by("-opened_on", "-pk")),
        "may_open_case": keeps and not is_own,
    }


def unit_awards(user, unit: Unit) -> list[dict]:
    """The newest awards of the unit itself. Two queries."""
    return panel_of(user, Award.objects.visible_to(user).filter(unit=unit, member=None), LAST_AWARDS)
