from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "Kiểm tra, giám sát"

    def ready(self):
        from branches.discipline_origin import connect as connect_discipline
        from branches.heirs import ALSO_LEFT
        from branches.number_papers import connect as connect_papers
        from branches.task_origin import connect as connect_origins

        from .closed_links import origins_of_discipline
        from .number_papers import case_papers_under
        from .origins import origins_of_task
        from .succession import left_open

        ALSO_LEFT.append(left_open)
        connect_discipline(origins_of_discipline)
        connect_origins(origins_of_task)
        connect_papers(case_papers_under)
