"""The congress at the end of term V (case B): the committee's review begun, the targets it put to the congress, under
their number.
"""

from branches.aims import parse_aim
from branches.models import Indicator, Period
from reports.congress.content import content_of
from reports.congress.keeping import issue_paper, save_texts
from reports.congress.proposing import Wanted, lines_of, save_proposals
from reports.material import collect
from reports.models import CongressPaper

from .loading import Demo

UNIT = "so-tttt"
# Of case B: targets as the congress resolved them; one the figures did not suggest has no reason of theirs.
RESOLVED = {
    "resolution_briefed": "100%", "no_violation": "100%", "task_completed": "100%", "task_excellent": "≥ 20%",
    "youth_tasks": "≥ 3", "rated_fair": "100%", "rated_excellent": "≥ 90%", "party_admitted": "2-3",
}  # fmt: skip
WRITTEN = {
    "han-che": "Sinh hoạt chưa đều, còn chờ việc cấp trên giao.\n"
    "Phong trào chưa đủ mạnh, một số đoàn viên chưa chủ động.",
    "nguyen-nhan": "Cán bộ Đoàn kiêm nhiệm, ít thời gian và kỹ năng; ý thức của một số đoàn viên chưa cao.",
}


def build(demo: Demo) -> None:
    unit = demo.units[UNIT]
    term = Period.objects.filter(kind=Period.Kind.TERM, unit=unit).order_by("starts_on").first()
    by = demo.recorder(UNIT, term.last_day)
    save_texts(
        term=term, kind=CongressPaper.Kind.REVIEW, version=0, by=by, texts=WRITTEN, signer_post="Bí thư",
        signer_name="",
    )  # fmt: skip
    material = collect(unit, term, as_of=term.last_day)
    lines = {line.indicator.code: line for line in lines_of(term, material.table.rows)}
    catalogue = {one.code: one for one in Indicator.objects.of_year(term.last_day.year)}
    rows = []
    for code, text in RESOLVED.items():
        indicator = lines[code].indicator if code in lines else catalogue[code]
        aim, suggestion = parse_aim(text, indicator), lines[code].suggestion if code in lines else None
        rows.append(Wanted(indicator, aim, suggestion.reason if suggestion and suggestion.aim == aim else ""))
    put = save_proposals(term=term, version=0, rows=rows, by=by)
    put.dated_on = term.last_day
    content = content_of(put, unit, on=term.last_day, material=material)
    issue_paper(
        paper=put, unit=unit, version=put.version, draft=put.version, by=by, on=term.last_day, dated_on=term.last_day,
        content=content,
    )  # fmt: skip
