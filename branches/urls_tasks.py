"""Addresses of tasks and of proposals to those above."""

from django.urls import path

from branches.views import proposals_above, tasks

urlpatterns = [
    path("don-vi/<int:pk>/viec/", tasks.task_list, name="task_list"),
    path("don-vi/<int:pk>/viec/truc-thuoc/", tasks.task_below, name="task_below"),
    path("don-vi/<int:pk>/viec/moi/", tasks.task_new, name="task_new"),
    path("ket-luan/<int:pk>/giao-viec/", tasks.task_from_conclusion, name="task_from_conclusion"),
    path("chi-dao/<int:pk>/giao-viec/", tasks.task_from_direction, name="task_from_direction"),
    path("de-xuat/<int:pk>/giao-viec/", tasks.task_from_proposal, name="task_from_proposal"),
    path("viec/", tasks.task_own, name="task_own"),
    path("viec/<int:pk>/", tasks.task, name="task"),
    path("viec/<int:pk>/sua/", tasks.task_edit, name="task_edit"),
    path("viec/<int:pk>/bao-xong/", tasks.task_report, name="task_report"),
    path("viec/<int:pk>/nhan/", tasks.task_review, name="task_review"),
    path("viec/<int:pk>/thoi/", tasks.task_drop, name="task_drop"),
    path("viec/<int:pk>/mo-lai/", tasks.task_reopen, name="task_reopen"),
    path("viec/minh-chung/<int:pk>/", tasks.task_file, name="task_file"),
    path("viec/minh-chung/<int:pk>/xoa/", tasks.task_file_delete, name="task_file_delete"),
    path("don-vi/<int:pk>/de-xuat/", proposals_above.proposal_list, name="proposal_list"),
    path("don-vi/<int:pk>/de-xuat/moi/", proposals_above.proposal_new, name="proposal_new"),
    path("de-xuat/<int:pk>/", proposals_above.proposal, name="proposal"),
    path("de-xuat/<int:pk>/sua/", proposals_above.proposal_edit, name="proposal_edit"),
    path("de-xuat/<int:pk>/rut/", proposals_above.proposal_withdraw, name="proposal_withdraw"),
    path("de-xuat/<int:pk>/tra-loi/", proposals_above.proposal_answer, name="proposal_answer"),
    path("de-xuat/<int:pk>/trao-doi/", proposals_above.proposal_reply, name="proposal_reply"),
    path("de-xuat/<int:pk>/dua-vao-ke-hoach/", proposals_above.proposal_plan, name="proposal_plan"),
]
