"""The people of the access table, by their relation to `own` (access_world.World.accounts), and how a line is said."""

OFFICERS = {"secretary", "committee_member"}  # record at own
READERS = OFFICERS | {"member", "superior", "administrator"}  # view at own, approve or view from above
INSPECTORS = {"inspector", "top_inspector"}  # who inspects there or above
FIGURES = READERS | INSPECTORS | {"party", "party_above"}  # sums, no personal data
REGISTER = OFFICERS | {"superior"}  # names of members
TEAM = {"inspector", "head", "seat"}  # the inspecting committee, and the team of this case
LEADERS = {"inspector", "head"}  # of them, who leads the team
CASE = TEAM | OFFICERS | {"top_inspector"}  # read by the inspected unit, and by the committee above, once notified
PARTY = {"party", "party_above"}
UNIT_PAGE = READERS | INSPECTORS  # the page of the unit, on which officers are named
DECIDERS = {"superior", "administrator"}  # about units, and about who leads them
GIVERS = DECIDERS | {"secretary"}
NOBODY: set[str] = set()


def may(allowed, seen_by=NOBODY):
    return allowed, seen_by - allowed
