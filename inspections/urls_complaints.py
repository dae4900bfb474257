"""Complaints put to the committee, under /kiem-tra/don-thu/; and discipline that follows from a case."""

from django.urls import path

from inspections.views import complaints, discipline

urlpatterns = [
    path("don-thu/", complaints.complaint_list, name="complaint_list"),
    path("don-thu/moi/", complaints.complaint_new, name="complaint_new"),
    path("don-thu/<int:pk>/", complaints.complaint, name="complaint"),
    path("don-thu/<int:pk>/sua/", complaints.complaint_edit, name="complaint_edit"),
    path("don-thu/<int:pk>/thu-ly/", complaints.take_up_page, name="complaint_take_up"),
    path("don-thu/<int:pk>/tra-loi/", complaints.answer_page, name="complaint_answer"),
    path("don-thu/<int:pk>/khong-thu-ly/", complaints.refuse_page, name="complaint_refuse"),
    path("don-thu/<int:pk>/chuyen/", complaints.forward_page, name="complaint_forward"),
    path("don-thu/<int:pk>/mo-kiem-tra/", complaints.complaint_case, name="complaint_case"),
    path("don-thu/<int:pk>/gan/", complaints.complaint_link, name="complaint_link"),
    path("tep-don-thu/<int:pk>/", complaints.complaint_file, name="complaint_file"),
    path("<int:pk>/ky-luat/", discipline.case_discipline, name="case_discipline"),
    path("nhan-dinh/<int:pk>/ky-luat/", discipline.finding_discipline, name="finding_discipline"),
]
