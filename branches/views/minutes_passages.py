"""The record of minutes as the page shows it: one passage after the other, each with its facts and its text box."""

import datetime
from dataclasses import dataclass, field

from branches.forms.minutes import BOTH, MINE, THEIRS
from branches.meetings.minutes import Clash
from branches.meetings.minutes_text import CONCLUSION
from branches.models import Minutes

State = Minutes.State
STANDINGS = {State.DRAFT: "going", State.TO_CONFIRM: "waiting", State.SIGNING: "waiting", State.LOCKED: "done"}
OUTCOMES = {"done": "Hoàn thành", "reported": "Đã báo xong, chờ nhận", "open": "Chưa xong", "dropped": "Không làm nữa"}


@dataclass(slots=True)
class Passage:
    """One heading. `facts` is the part of the record; without a `key` there is nothing to type."""

    heading: str
    key: str = ""
    text: str = ""
    facts: dict = field(default_factory=dict)
    number: int = 0
    hint: str = ""
    draft: str = ""
    base: int = 0
    clash: Clash | None = None
    error: str = ""

    @property
    def has_facts(self) -> bool:
        """Whether something stands here by itself."""
        return any(self.facts.get(name) for name in ("rows", "ballots", "facts", "about"))

    @property
    def rows(self) -> int:
        """Lines of the text box: a line for some fifty letters, at least three."""
        return max(3, min(14, sum(1 + len(line) // 50 for line in self.text.splitlines()) + 1))


def standing_of(minutes: Minutes | None) -> tuple[str, str]:
    """Sign and word of where the minutes stand."""
    return (STANDINGS[minutes.state], minutes.get_state_display()) if minutes else ("none", "Chưa ghi")


def read_passages(record: dict, *, is_typing: bool = False) -> list[Passage]:
    """Everything in its order. A passage that is not printed while it is empty is shown only to who types."""
    found = []
    for part in record["parts"]:
        if not is_typing and not part.get("always", True) and not part["text"]:
            continue
        facts = _shown(part)
        if part["kind"] == "votes":
            found += [Passage(point["heading"], point["key"], point["text"]) for point in part["points"]]
            if part["ballots"]:
                found.append(Passage("Kết quả biểu quyết", facts=facts))
        else:
            found.append(Passage(part["heading"], part["key"], part.get("text", ""), facts))
    conclusion = record["conclusion"]
    points = {"kind": "points", "rows": conclusion["points"]} if conclusion["points"] else {}
    found.append(Passage(CONCLUSION.heading, CONCLUSION.key, conclusion["text"], points))
    for place, one in enumerate(found, start=1):
        one.number = place
    return found


def passages(record: dict, *, hints: dict, drafts: dict, revision: int, typed: dict, clashes: dict, errors: dict):
    """The passages with what the page was sent, where it was refused, put back into its boxes."""
    found = read_passages(record, is_typing=True)
    for one in found:
        if not one.key:
            continue
        one.hint, one.base = hints.get(one.key, ""), revision
        one.clash, one.error = clashes.get(one.key), errors.get(one.key, "")
        if one.key in typed and (one.clash or errors):
            one.text = typed[one.key].text
            # After a clash the next save is made knowing what stands there; after a refusal nothing was shown.
            one.base = revision if one.clash else typed[one.key].base
        one.draft = "" if one.text else drafts.get(one.key, "")
    # The text of a point that is gone from the agenda is still what somebody wrote.
    known = {one.key for one in found}
    for key, text in errors.items():
        if key and key not in known:
            found.append(Passage("Mục không còn trong chương trình", key, typed[key].text, error=text))
    return found


def choices_of(clashes) -> list[tuple[str, str]]:
    return [(MINE, "Giữ chữ của tôi"), (THEIRS, "Lấy chữ đang lưu"), (BOTH, "Ghép cả hai")] if clashes else []


def _shown(part: dict) -> dict:
    """The part with days and outcomes as words."""
    if part["kind"] in ("review", "tasks"):
        rows = [
            row | {"due": _day(row["due"]), "outcome": OUTCOMES.get(row.get("state", ""), "")} for row in part["rows"]
        ]
        return part | {"rows": rows}
    if part["kind"] == "dues" and part["facts"]:
        month = datetime.date.fromisoformat(part["facts"]["month"])
        return part | {"facts": part["facts"] | {"month": month}}
    return part


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def composition(record: dict) -> list[tuple[str, str]]:
    """When, where, who: the lines of chapter I as (label, text); what nobody recorded says so."""
    roll = record["roll"]
    begun = datetime.datetime.fromisoformat(record["starts_at"])
    when = f"{begun:%H:%M, %d/%m/%Y}"
    if record["ends_at"]:
        ended = datetime.datetime.fromisoformat(record["ends_at"])
        when += f" đến {ended:%H:%M}" if ended.date() == begun.date() else f" đến {ended:%H:%M, %d/%m/%Y}"
    else:
        when += ", chưa ghi giờ kết thúc"
    where = ", ".join(filter(None, [record["place"] or record["link"] or "chưa ghi nơi họp", record["held"]]))
    lines = [
        ("Thời gian", when),
        ("Địa điểm", where),
        ("Chủ trì", _who(record["chair"])),
        ("Thư ký", _who(record["secretary"])),
        ("Có mặt", f"{roll['present']}/{roll['of']} người" if roll["of"] else "chưa điểm danh"),
    ]
    if roll["excused"]:
        lines.append(("Vắng có lý do", ", ".join(f"{n} ({why})" if why else n for n, why in roll["excused"])))
    if roll["absent"]:
        lines.append(("Vắng không lý do", ", ".join(name for name, _ in roll["absent"])))
    if roll["unknown"]:
        lines.append(("Chưa điểm danh", ", ".join(roll["unknown"])))
    if roll["staying"]:
        lines.append(("Sinh hoạt tạm thời", f"có mặt {roll['staying_present']}/{roll['staying']} người"))
    if record["guests"]:
        lines.append(("Khách mời", "; ".join(_guest(one) for one in record["guests"])))
    if record["quorum"] and roll["of"]:
        enough = "đủ" if record["quorum"]["is_met"] else "chưa đủ"
        lines.append(("Biểu quyết", f"{enough} số người để biểu quyết"))
    if record["number"]:
        lines.insert(0, ("Số", record["number"]))
    return lines


def _who(one: dict) -> str:
    return ", ".join(filter(None, [one["name"], one["post"]])) or "chưa ghi"


def _guest(one: dict) -> str:
    if one["name"]:
        return ", ".join(filter(None, [one["name"], one["body"]]))
    return f"{one['count']} người, {one['body']}"
