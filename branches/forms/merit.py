"""Forms of the way to the Party, of awards and of disciplinary cases."""

from django import forms

from branches.awarding import AWARD_FIELDS
from branches.formats import day
from branches.models import Award, Ballot, Discipline, Member, PartyStep
from branches.typed_votes import VOTE_FIELDS, ballots_for

from .base import DayField, NumberField, OfficeForm, RowsField
from .fields import YearField
from .life import EndsPosts, posts_field

Kind = PartyStep.Kind
DAY_LABELS = {
    Kind.OUTSTANDING: "Ngày công nhận",
    Kind.CLASS_PROPOSED: "Ngày giới thiệu",
    Kind.CLASS_DONE: "Ngày cấp giấy chứng nhận",
    Kind.PROSPECT: "Ngày chi bộ công nhận",
    Kind.INTRODUCED: "Ngày nghị quyết",
    Kind.ADMITTED: "Ngày kết nạp Đảng",
    Kind.OFFICIAL: "Ngày công nhận chính thức",
}
DOCUMENT_LABELS = {
    Kind.OUTSTANDING: "Số quyết định, thông báo công nhận",
    Kind.CLASS_PROPOSED: "Số nghị quyết, danh sách giới thiệu",
    Kind.CLASS_DONE: "Số giấy chứng nhận",
    Kind.PROSPECT: "Số nghị quyết của chi bộ",
    Kind.INTRODUCED: "Số nghị quyết của chi đoàn",
    Kind.ADMITTED: "Số quyết định kết nạp",
    Kind.OFFICIAL: "Số quyết định",
}
MOST_PEOPLE = 9999
BALLOTS_SHOWN = 20


def people_field(label: str, unit: str = "người") -> NumberField:
    return NumberField(label=label, unit=unit, max_value=MOST_PEOPLE, required=False)


class BallotChoice(forms.ModelChoiceField):
    def to_python(self, value):
        if len(str(value)) > RowsField.LONGEST_KEY:  # no key; SQLite would end the request with an error
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)

    def label_from_instance(self, ballot: Ballot) -> str:
        meeting = ballot.item.meeting
        return f"Họp {day(meeting.day)}: {ballot.question}, {ballot.votes_for}/{ballot.present} tán thành"


class VoteFields(forms.Form):
    """Mixed in: a vote of a meeting to choose, or the numbers of the paper minutes. The page draws them together."""

    ballot = BallotChoice(
        label="Lần biểu quyết đã ghi ở cuộc họp", queryset=Ballot.objects.none(), required=False,
        empty_label="Chưa ghi ở cuộc họp nào: ghi số phiếu bên dưới",
    )  # fmt: skip
    voted_on = DayField(label="Ngày họp xét", required=False)
    is_secret = forms.BooleanField(label="Bỏ phiếu kín", required=False)
    entitled = people_field("Được biểu quyết")
    present = people_field("Có mặt")
    issued = people_field("Phiếu phát ra", "phiếu")
    returned = people_field("Phiếu thu về", "phiếu")
    invalid = people_field("Phiếu không hợp lệ", "phiếu")
    votes_for = people_field("Tán thành")
    votes_against = people_field("Không tán thành")
    abstentions = people_field("Ý kiến khác")

    def offer_ballots(self, member: Member, unit, decision: str) -> None:
        shown = list(ballots_for(member, unit, decision).values_list("pk", flat=True)[:BALLOTS_SHOWN])
        self.has_ballots = bool(shown)
        if self.has_ballots:
            self.fields["ballot"].queryset = Ballot.objects.filter(pk__in=shown).select_related("item__meeting__unit")
        self._ask_for_one(keep=self.has_ballots)

    def offer_none(self) -> None:
        """Where no meeting here votes on it, only the numbers of the paper minutes are asked."""
        self.has_ballots = False
        self._ask_for_one(keep=False)

    def _ask_for_one(self, *, keep: bool) -> None:
        if not keep:
            del self.fields["ballot"]
        for name in ("ballot", *VOTE_FIELDS):  # one of the two is asked for, in the verb's words
            if name in self.fields:
                self.fields[name].says_optional = True

    def said_vote(self) -> dict:
        ballot = self.cleaned_data.get("ballot")
        return {
            "ballot": ballot,
            "vote": {} if ballot else {name: self.cleaned_data[name] for name in VOTE_FIELDS},
        }

    @staticmethod
    def of_row(row) -> dict:
        """The initial values of a row that has a vote."""
        return {"ballot": row.ballot_id, **{name: getattr(row, name) for name in VOTE_FIELDS}}


class StepForm(VoteFields, OfficeForm):
    """One step towards the Party: the fields of its kind and no others."""

    keyed = True

    dated_on = DayField(label="Ngày")
    document = forms.CharField(label="Văn bản", required=False, max_length=160)
    expires_on = DayField(label="Có giá trị đến trước ngày", required=False)
    helpers = forms.CharField(
        label="Người được chi bộ phân công giúp đỡ", required=False, max_length=200, help_text="Họ tên, chức vụ."
    )
    note = forms.CharField(label="Ghi chú", required=False, max_length=500, widget=forms.Textarea)

    def __init__(self, *args, kind: str, member: Member, years: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dated_on"].label = DAY_LABELS[kind]
        self.fields["dated_on"].error_messages["required"] = f"Hãy ghi “{DAY_LABELS[kind]}”."
        self.fields["document"].label = DOCUMENT_LABELS[kind]
        self.fields["document"].says_optional = kind == Kind.ADMITTED
        self.fields["expires_on"].help_text = f"Để trống thì tính {years} năm từ ngày cấp."
        decision = PartyStep.VOTED.get(kind)
        self.has_vote = decision is not None
        if decision:
            self.offer_ballots(member, member.home, decision)
        else:
            self._leave_out("ballot", *VOTE_FIELDS)
        if kind != Kind.CLASS_DONE:
            self._leave_out("expires_on")
        if kind != Kind.PROSPECT:
            self._leave_out("helpers")

    def _leave_out(self, *names):
        for name in names:
            del self.fields[name]

    def said(self) -> dict:
        names = ("dated_on", "document", "expires_on", "helpers", "note")
        values = {name: self.cleaned_data[name] for name in names if name in self.fields}
        return values | (self.said_vote() if self.has_vote else {})


class StepEditForm(StepForm):
    versioned = True


class DropForm(OfficeForm):
    """Nothing to fill in: what was written by mistake is taken back as it was seen."""

    keyed = True
    versioned = True


class RemarkForm(OfficeForm):
    keyed = True
    dated_on = DayField(label="Ngày nhận xét")
    merits = forms.CharField(
        label="Ưu điểm, tiến bộ", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Phẩm chất, việc được giao, học tập, quan hệ với mọi người.",
    )  # fmt: skip
    shortcomings = forms.CharField(label="Hạn chế, cần giúp đỡ", required=False, max_length=2000, widget=forms.Textarea)
    sent_on = DayField(label="Đã gửi cấp ủy ngày", required=False)

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("dated_on", "merits", "shortcomings", "sent_on")}


class RemarkEditForm(RemarkForm):
    versioned = True


# --- awards -----------------------------------------------------------------------------------------


class AwardEditForm(OfficeForm):
    keyed = True
    versioned = True

    kind = forms.ChoiceField(label="Hình thức", choices=[("", "Chọn hình thức"), *Award.Kind.choices])
    title = forms.CharField(
        label="Khen về việc gì", max_length=200, help_text="Như trên giấy: “Đạt thành tích xuất sắc…”, tên danh hiệu."
    )
    given_by = forms.CharField(label="Cấp khen", max_length=160)
    number = forms.CharField(label="Số quyết định", required=False, max_length=80)
    dated_on = DayField(label="Ngày quyết định")
    year = YearField(label="Năm được khen", help_text="Năm của thành tích, để tính số năm liền.")

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in AWARD_FIELDS}


class AwardForm(AwardEditForm):
    """One decision for the unit, for several members, or for both."""

    versioned = False

    to_unit = forms.BooleanField(label="Khen cả đơn vị", required=False)
    members = RowsField(
        queryset=Member.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Khen đoàn viên"
    )

    def __init__(self, *args, unit, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].label = f"Khen {unit.name}"
        self.fields["members"].queryset = members
        self.fields["members"].says_optional = True


class AwardSearch(OfficeForm):
    """What the list of awards shows. Asked by GET; a value nobody could choose says so and filters nothing."""

    nam = YearField(label="Năm", required=False)
    kieu = forms.ChoiceField(label="Hình thức", required=False, choices=[("", "Tất cả"), *Award.Kind.choices])
    ai = forms.ChoiceField(
        label="Khen ai", required=False, choices=[("", "Tất cả"), ("don-vi", "Đơn vị"), ("doan-vien", "Đoàn viên")]
    )
    q = forms.CharField(label="Tên đoàn viên", required=False, max_length=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.says_optional = True


# --- discipline -------------------------------------------------------------------------------------


class CaseForm(OfficeForm):
    keyed = True
    opened_on = DayField(label="Ngày bắt đầu xem xét")
    facts = forms.CharField(
        label="Nội dung vi phạm", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Việc gì, từ bao giờ, căn cứ nào. Chỉ người quản lý, cấp quyết định và chính đoàn viên đọc được.",
    )  # fmt: skip

    def __init__(self, *args, of_unit: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if of_unit:
            readers = "Chỉ Đoàn cấp trên và người quản lý của đơn vị đọc được."
            self.fields["facts"].help_text = f"Việc gì, từ bao giờ, căn cứ nào. {readers}"

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("opened_on", "facts")}


class CaseEditForm(CaseForm):
    versioned = True


class ReviewForm(VoteFields, OfficeForm):
    keyed = True
    proposed = forms.ChoiceField(label="Hình thức đã biểu quyết", choices=[], widget=forms.RadioSelect)
    field_order = ("proposed",)

    def __init__(self, *args, case: Discipline, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_secret"].initial = True
        self.fields["proposed"].choices = [(one, Discipline.Measure(one).label) for one in case.measures]
        if case.is_of_unit:
            self.offer_none()
        else:
            self.offer_ballots(case.member, case.unit, Discipline.DECISION)


class DecideCaseForm(EndsPosts, OfficeForm):
    keyed = True
    measure = forms.ChoiceField(label="Hình thức kỷ luật", choices=[], widget=forms.RadioSelect)
    decision = forms.CharField(label="Số quyết định", max_length=80, help_text="Ví dụ 12-QĐ/ĐTN.")
    decided_on = DayField(label="Ngày quyết định")
    posts = posts_field()

    def __init__(self, *args, measures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [one for one in Discipline.Measure.choices if one[0] in measures]


class EndCaseForm(OfficeForm):
    keyed = True
    ended_on = DayField(label="Ngày")
    note = forms.CharField(label="Căn cứ", max_length=300, widget=forms.Textarea)

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("ended_on", "note")}


class AppealForm(OfficeForm):
    keyed = True
    appealed_on = DayField(label="Ngày khiếu nại")
    appeal_note = forms.CharField(
        label="Nội dung, kết quả giải quyết", max_length=500, widget=forms.Textarea,
        help_text="Có kết quả thì mở lại trang này ghi tiếp.",
    )  # fmt: skip
