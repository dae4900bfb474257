"""Forms of the templates of reports."""

import datetime

from django import forms

from branches.forms.base import DayField, OfficeForm
from branches.models import Period

from .chapter_templates import TOP

PLACES_HELP = "Có thể dùng {span} cho kỳ báo cáo, {following} cho kỳ sau."


class TemplateCopyForm(OfficeForm):
    """What the copy is called."""

    keyed = True

    name = forms.CharField(
        label="Tên mẫu", max_length=160, help_text="Để nguyên tên một mẫu của đơn vị thì thành bản mới của mẫu đó."
    )


class TemplateSettingsForm(OfficeForm):
    """What it is for, and since when. The last day is asked as people say it, the verb takes the day after."""

    keyed = True

    name = forms.CharField(label="Tên mẫu", max_length=160)
    kinds = forms.MultipleChoiceField(
        label="Dùng cho báo cáo của", choices=Period.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    for_theme = forms.BooleanField(label="Là mẫu của báo cáo chuyên đề", required=False)
    source = forms.CharField(label="Văn bản, căn cứ", max_length=200, required=False)
    starts_on = DayField(
        label="Áp dụng cho kỳ bắt đầu từ ngày", required=False, earliest=datetime.date(2013, 1, 1),
        help_text="Để trống thì mẫu còn đang soạn, chưa đơn vị nào dùng.",
    )  # fmt: skip
    last_on = DayField(label="Thôi áp dụng sau ngày", required=False, help_text="Để trống nếu chưa định ngày thôi.")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class ChapterNewForm(OfficeForm):
    """A chapter that people write."""

    keyed = True

    heading = forms.CharField(label="Tên mục", max_length=200, help_text=PLACES_HELP)
    under = forms.ChoiceField(label="Đặt trong phần", required=False)
    hint = forms.CharField(label="Gợi ý cho người viết", max_length=300, required=False)
    is_list = forms.BooleanField(label="Mỗi câu một gạch đầu dòng", required=False)
    is_optional = forms.BooleanField(label="Không viết thì không in mục này", required=False)

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["under"].choices = [TOP, *parts]


class AreasSplitForm(OfficeForm):
    """Which work areas get a chapter of their own. `version` is the template's."""

    keyed = True

    areas = forms.MultipleChoiceField(
        label="Mục công tác có mục riêng", widget=forms.CheckboxSelectMultiple,
        help_text="Mục tách ra đứng trước các mục còn lại. Sau đó dùng Lên, Xuống để đổi chỗ.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["areas"].choices = [(area.code, area.name) for area in areas]


class ChapterForm(OfficeForm):
    """Words of a chapter that is there. `version` is the template's."""

    keyed = True

    heading = forms.CharField(label="Tên mục", max_length=200, help_text=PLACES_HELP)
    hint = forms.CharField(label="Gợi ý cho người viết", max_length=300, required=False)
    is_list = forms.BooleanField(label="Mỗi câu một gạch đầu dòng", required=False)
    is_optional = forms.BooleanField(label="Không có nội dung thì không in mục này", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args, heading_printed=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not heading_printed:
            self.fields["heading"].disabled = True
            self.fields["heading"].widget = forms.HiddenInput()
