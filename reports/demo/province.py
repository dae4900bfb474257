"""The order in which the province is built: units, people with posts, members, then the cases."""

import datetime

from branches.totals import totals_at_the_end

from . import (
    assessing,
    case_a,
    case_a_again,
    case_b,
    case_c,
    case_d,
    congress,
    duties,
    emulation,
    locks,
    meetings,
    merit,
    minutes,
    rolling,
    rounds,
    running_cases,
    running_year,
    statistics,
    tasks,
    themes,
    word_templates,
    writing,
    written_reports,
)
from .accounts import PASSWORD, join_members, open_accounts
from .loading import Demo
from .people_flows import merge_some, tell_of_people
from .units import change_some, enrol_all, found_all, open_terms


def load_province(today: datetime.date) -> Demo:
    """Fill the empty database; `today` is the day the running year has come to."""
    demo = Demo(today, PASSWORD)
    found_all(demo)
    open_accounts(demo)
    enrol_all(demo)
    join_members(demo)
    terms = open_terms(demo)
    with totals_at_the_end():  # more than a thousand activities, and the figures of a year of meetings and dues
        case_a.build(demo)
        case_b.build(demo, terms)
        case_c.build(demo)
        case_d.build(demo)
        running_year.build(demo)
        change_some(demo)
        merge_some(demo)
        tell_of_people(demo)
        meetings.build(demo)
        minutes.build(demo)
        merit.build(demo)
        tasks.build(demo)
        duties.build(demo)
        assessing.build(demo)
    # Inspections ask for the figures of all that.
    case_a.inspect(demo)
    case_d.inspect(demo)
    running_cases.build(demo)
    case_a_again.inspect(demo)
    statistics.build(demo)
    written_reports.build(demo, terms)  # drafted from everything above
    writing.build(demo)
    rounds.build(demo)
    congress.build(demo)
    rolling.build(demo)  # of the approved reports of that round
    themes.build(demo)
    emulation.build(demo)  # scored by approved reports where there are any
    word_templates.build(demo)
    locks.build(demo)  # last: everything above wrote of past years
    return demo
