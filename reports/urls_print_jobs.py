"""Addresses: many papers at once."""

from django.urls import path

from reports.views import print_jobs

urlpatterns = [
    path("don-vi/<int:pk>/bao-cao/in-nhieu/", print_jobs.print_job_list, name="print_job_list"),
    path("in-nhieu-bao-cao/<int:pk>/", print_jobs.print_job, name="print_job"),
    path("in-nhieu-bao-cao/<int:pk>/dung/", print_jobs.print_job_cancel, name="print_job_cancel"),
    path("in-nhieu-bao-cao/<int:pk>/in-tiep/", print_jobs.print_job_go_on, name="print_job_go_on"),
    path("in-nhieu-bao-cao/<int:pk>/tai-ve.zip", print_jobs.print_job_zip, name="print_job_zip"),
]
