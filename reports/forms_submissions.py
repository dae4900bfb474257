"""Forms about editions of a report."""

from branches.forms.base import OfficeForm
from inspections.forms.follow_up import SeveralFilesField


class ScanForm(OfficeForm):
    """The signed sheets of an edition."""

    keyed = True

    files = SeveralFilesField(
        label="Ảnh hoặc PDF bản ký",
        required=False,
        help_text="Ảnh hoặc PDF, mỗi tệp tối đa 10 MB. Chọn được nhiều tệp.",
    )


class ScanRemoveForm(OfficeForm):
    keyed = True
