"""Forms of the assessment: a round, one's own words, the branch's conclusions on one page, the superior's answer."""

from django import forms

from branches.assessing.steps import LONGEST_ANSWER, LONGEST_REASON, LONGEST_TEXT, Verdict
from branches.formats import day
from branches.long_texts import kept_lines
from branches.models import Assessment, AssessmentRound, Ballot, CriteriaSet, Criterion, Label, LabelSet, Meeting

from .base import DayField, NumberField, OfficeForm

MOST_VOTES = 9_999


def _words(rows: int, longest: int, **attrs):
    return {"max_length": longest, "required": False, "widget": forms.Textarea(attrs={"rows": rows, **attrs})}


class RoundForm(OfficeForm):
    """Open a round. Which sets can be chosen depends on the year and on who is assessed, chosen before."""

    keyed = True
    name = forms.CharField(label="Tên đợt", max_length=160)
    label_set = forms.ModelChoiceField(LabelSet.objects.none(), label="Bộ mức xếp loại", widget=forms.RadioSelect,
                                       empty_label=None)  # fmt: skip
    criteria_set = forms.ModelChoiceField(CriteriaSet.objects.none(), label="Bộ tiêu chí", widget=forms.RadioSelect,
                                          empty_label=None)  # fmt: skip
    counted_on = DayField(label="Tính đến ngày", help_text="Ai thuộc chi đoàn vào ngày này thì có trong đợt.")
    self_until = DayField(label="Tự đánh giá đến hết ngày")
    due_on = DayField(label="Chi đoàn gửi kết quả trước ngày")
    top_quota = NumberField(
        label="Nhắc khi mức cao nhất quá", required=False, max_value=100, unit="%",
        help_text="Chỉ nhắc, không chặn. Để trống thì không nhắc.",
    )  # fmt: skip

    def __init__(self, *args, label_sets, criteria_sets, **kwargs):
        super().__init__(*args, **kwargs)
        for name, rows in (("label_set", label_sets), ("criteria_set", criteria_sets)):
            self.fields[name].queryset = rows
            self.fields[name].label_from_instance = with_source
            if not self.is_bound and (first := rows.first()):
                self.initial.setdefault(name, first.pk)

    def said(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}


def with_source(one) -> str:
    """A set by its name, with the document it comes from."""
    return f"{one.name} ({one.source})" if one.source else one.name


class RoundDatesForm(OfficeForm):
    """What may be changed of a round that is open."""

    keyed = versioned = True
    name = forms.CharField(label="Tên đợt", max_length=160)
    self_until = DayField(label="Tự đánh giá đến hết ngày")
    due_on = DayField(label="Chi đoàn gửi kết quả trước ngày")
    top_quota = NumberField(label="Nhắc khi mức cao nhất quá", required=False, max_value=100, unit="%")

    FIELDS = ("name", "self_until", "due_on", "top_quota")

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.FIELDS}


class SelfForm(OfficeForm):
    """One's own words on each criterion, and the level one thinks is right."""

    wrong_lead = "Chưa gửi được."
    keyed = versioned = True
    label = forms.ModelChoiceField(
        Label.objects.none(), label="Tự xếp loại", widget=forms.RadioSelect, empty_label=None
    )
    text = forms.CharField(label="Tự nhận xét chung", **_words(3, LONGEST_TEXT))

    def __init__(self, data=None, *, assessment: Assessment, criteria: list[Criterion], **kwargs):
        row = assessment
        initial = {"label": row.self_label_id, "text": row.self_text, "version": row.version}
        initial |= {f"a-{code}": words for code, words in row.self_answers.items()}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["label"].queryset = Label.objects.filter(label_set=row.round.label_set_id)
        self.criteria = criteria
        for one in criteria:
            field = forms.CharField(label=one.text, help_text=one.guidance, **_words(2, LONGEST_ANSWER))
            field.says_optional = True  # said once above the form
            self._dress(field)
            self._answer(field, one.text)
            self.fields[f"a-{one.code}"] = field
        # Level and remark come last on the page, and so in the list of what is wrong.
        self.order_fields([f"a-{one.code}" for one in criteria])

    def answer_fields(self):
        return [(one, self[f"a-{one.code}"]) for one in self.criteria]

    def said(self) -> dict:
        values = self.cleaned_data
        return {
            "version": values["version"],
            "label": values["label"],
            "text": values["text"],
            "answers": {one.code: values[f"a-{one.code}"] for one in self.criteria},
        }


def ballot_field(label: str, empty: str, ballots: list[Ballot]) -> forms.TypedChoiceField:
    """Votes to choose from, loaded once for the whole page; its value is a key among them, or None."""
    found = forms.TypedChoiceField(
        label=label, choices=[("", empty), *((one.pk, ballot_words(one)) for one in ballots)], coerce=int,
        empty_value=None, required=False,
    )  # fmt: skip
    found.says_optional = True
    return found


def ballot_words(ballot: Ballot) -> str:
    """ "Họp 20/11/2026: Xếp loại năm 2026, 11/12 tán thành"."""
    when = day(ballot.item.meeting.day)
    return f"Họp {when}: {ballot.question}, {ballot.votes_for}/{ballot.present} tán thành"


class VerdictForm(OfficeForm):
    """What the branch says of one, on the page of all. `ballots` are the votes about this one alone."""

    versioned = True
    label = forms.ModelChoiceField(
        Label.objects.none(), label="Kết luận", widget=forms.RadioSelect, empty_label=None, required=False
    )
    present = NumberField(label="Có mặt", required=False, max_value=MOST_VOTES)
    remark = forms.CharField(label="Nhận xét của Ban Chấp hành", **_words(2, LONGEST_TEXT))

    def __init__(self, data=None, *, row: Assessment, labels: list[Label], ballots: list[Ballot], **kwargs):
        self.row, self.labels, self.has_ballots = row, labels, bool(ballots)
        keys = {label.code: label.pk for label in labels}
        votes = {keys[code]: number for code, number in row.votes.items() if code in keys}
        # What was returned is concluded anew, also when the branch stays with its level.
        chosen = None if row.state == Assessment.State.RETURNED else row.branch_label_id
        initial = {
            "label": chosen, "present": row.votes_present, "remark": row.branch_remark,
            "ballot": row.ballot_id or (None if row.votes or not ballots else ballots[0].pk),
            "version": row.version, **{f"v{key}": number for key, number in votes.items()},
        }  # fmt: skip
        super().__init__(data, prefix=f"p{row.pk}", initial=initial, **kwargs)
        # One list for all rows of the page: a queryset here would be asked once a row.
        self.fields["label"] = forms.TypedChoiceField(
            label="Kết luận", choices=[(label.pk, label.name) for label in labels], coerce=int, empty_value=None,
            required=False, widget=forms.RadioSelect,
        )  # fmt: skip
        self._answer(self.fields["label"], "Kết luận")
        if ballots:
            field = ballot_field("Biểu quyết về riêng người này", "Theo ô chung, hoặc số phiếu bên dưới", ballots)
            self._dress(field)
            self._answer(field, field.label)
            self.fields["ballot"] = field
        for label in labels:
            field = NumberField(label=label.name, required=False, max_value=MOST_VOTES)
            self._dress(field)
            self._answer(field, label.name)
            self.fields[f"v{label.pk}"] = field

    def vote_fields(self):
        return [self[f"v{label.pk}"] for label in self.labels]

    @property
    def votes_are_open(self) -> bool:
        """Whether the box of votes stands open: something is in it, or wrong with it."""
        names = ["present", *(f"v{label.pk}" for label in self.labels)]
        return any(self[name].value() not in (None, "") or name in self.errors for name in names)

    def is_typed(self) -> bool:
        """Whether it says something else than what is stored."""
        changed = set(self.changed_data) - {"version"}
        # A browser sends other line breaks than those that are stored.
        if "remark" in changed and kept_lines(self["remark"].value()) == self.row.branch_remark:
            changed.discard("remark")
        return bool(changed)

    def verdict(self, present: int | None, ballots: dict[int, Ballot], common: Ballot | None) -> Verdict:
        """Its own vote goes before numbers typed for it, and these before the vote on the whole list."""
        values = self.cleaned_data
        votes = {label.pk: values[f"v{label.pk}"] for label in self.labels if values[f"v{label.pk}"] is not None}
        chosen = next((label for label in self.labels if label.pk == values["label"]), None)
        there = values["present"] if values["present"] is not None else present
        ballot = ballots.get(values.get("ballot")) or (None if votes else common)
        return Verdict(self.row.pk, values["version"], chosen, values["remark"], there, votes, ballot)


class ConcludeForm(OfficeForm):
    """The page of a branch: the meeting, its vote or who was there, and a row for each."""

    keyed = True
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="Cuộc họp xét", required=False, empty_label="Chưa chọn"
    )
    present = NumberField(
        label="Có mặt khi biểu quyết", required=False, max_value=MOST_VOTES, unit="người",
        help_text="Dùng cho ai để trống ô này.",
    )  # fmt: skip

    def __init__(
        self, data=None, *, rows: list[Assessment], labels: list[Label], meetings, ballots: list[Ballot], **kwargs
    ):
        super().__init__(data, **kwargs)
        self.fields["meeting"].queryset = meetings
        self.ballots = {one.pk: one for one in ballots}
        if general := [one for one in ballots if one.item.subject_id is None]:
            field = ballot_field("Biểu quyết chung cả danh sách", "Không có: ghi số phiếu từng người", general)
            field.help_text = "Dùng cho ai không có số phiếu riêng."
            self._dress(field)
            self._answer(field, field.label)
            self.fields["ballot"] = field
        about: dict[int, list[Ballot]] = {}
        for one in ballots:
            about.setdefault(one.item.subject_id, []).append(one)
        about.pop(None, None)
        self.rows = [VerdictForm(data, row=row, labels=labels, ballots=about.get(row.member_id, [])) for row in rows]
        self.labels = labels

    def is_valid(self) -> bool:
        """Rows that say nothing new are not judged: an old word there may be refused by the form of today."""
        typed = [row.is_valid() for row in self.typed()] if self.is_bound else []
        return super().is_valid() and all(typed)

    def typed(self) -> list[VerdictForm]:
        return [row for row in self.rows if row.is_typed()]

    def verdicts(self) -> list[Verdict]:
        common = self.ballots.get(self.cleaned_data.get("ballot"))
        return [row.verdict(self.cleaned_data["present"], self.ballots, common) for row in self.typed()]

    def refuse(self, error: Exception, field: str = "") -> None:
        """The reasons of `conclude` go to their rows; a row somebody else wrote meanwhile takes over its version."""
        rest = {}
        by_prefix = {row.prefix: row for row in self.rows}
        for place, text in error.errors.items():
            prefix, _, name = place.partition("-")
            if prefix in by_prefix and name:
                row = by_prefix[prefix]
                name = {"votes": f"v{self.labels[0].pk}"}.get(name, name)
                row.add_error(name if name in row.fields else None, text)
            else:
                rest[place] = text
        for place, text in rest.items():
            self.add_error(place if place in self.fields else None, text)

    def renew(self, versions: dict[int, int]) -> None:
        """Rows changed meanwhile are shown with their new version: sent again, they overwrite knowingly."""
        self.data = self.data.copy()
        for row in self.rows:
            self.data[f"{row.prefix}-version"] = str(versions.get(row.row.pk, row.row.version))
            row.data = self.data

    def judge_later(self):
        super().judge_later()
        for row in self.rows:
            row.judge_later()

    @property
    def wrong_rows(self) -> list[VerdictForm]:
        return [row for row in self.rows if row.is_bound and row.errors]


class AnswerForm(OfficeForm):
    """The superior approves the marked rows, or returns them with the reason."""

    APPROVE, RETURN = "approve", "return"

    keyed = True
    verdict = forms.ChoiceField(
        label="Với những dòng đã đánh dấu", choices=((APPROVE, "Chuẩn y"), (RETURN, "Trả lại")),
        widget=forms.RadioSelect,
    )  # fmt: skip
    decision = forms.CharField(label="Số văn bản chuẩn y", max_length=120, required=False)
    decided_on = DayField(label="Ngày chuẩn y", required=False)
    reason = forms.CharField(label="Lý do trả lại", **_words(2, LONGEST_REASON))
    rows = forms.MultipleChoiceField(label="Danh sách", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data=None, *, rows: list[Assessment], **kwargs):
        super().__init__(data, **kwargs)
        self.by_value = {f"{row.pk}-{row.version}": row for row in rows}
        self.fields["rows"].choices = [(value, value) for value in self.by_value]
        self.fields["rows"].error_messages["invalid_choice"] = "Có dòng vừa thay đổi. Hãy xem lại danh sách rồi lưu."
        self.listed = rows

    def clean(self):
        values = super().clean()
        if values.get("verdict") == self.APPROVE and not values.get("decided_on") and "decided_on" not in self.errors:
            self.add_error("decided_on", "Hãy ghi ngày chuẩn y.")
        if values.get("verdict") == self.RETURN and not values.get("reason", "").strip():
            self.add_error("reason", "Hãy ghi lý do, để chi đoàn biết mà xét lại.")
        return values

    def chosen(self) -> dict[int, int]:
        rows = [self.by_value[value] for value in self.cleaned_data["rows"]]
        return {row.pk: row.version for row in rows}

    def marked(self) -> set[str]:
        """Which rows stand marked: those sent, else those that wait for an answer."""
        if self.is_bound:
            return set(self.data.getlist("rows"))
        return {value for value, row in self.by_value.items() if row.state == Assessment.State.CONCLUDED}


class ExcludeForm(OfficeForm):
    keyed = versioned = True
    reason = forms.CharField(label="Lý do không đánh giá", max_length=200)


class IncludeForm(OfficeForm):
    keyed = versioned = True


class KeyForm(OfficeForm):
    """A step without a question."""

    keyed = True


class RoundChoice(OfficeForm):
    """Who and which year a new round is for; read from the address, with what is usual where nothing is said."""

    ai = forms.ChoiceField(label="Đánh giá ai", required=False)
    nam = forms.ChoiceField(label="Năm", required=False)

    def __init__(self, data, *, subjects, periods):
        super().__init__(data)
        self.fields["ai"].choices = subjects
        self.fields["nam"].choices = periods
        self.is_valid()

    def said(self, name: str) -> str:
        return self.cleaned_data.get(name) or str(self.fields[name].choices[0][0])


def round_values(round: AssessmentRound) -> dict:
    return {name: getattr(round, name) for name in (*RoundDatesForm.FIELDS, "version")}
