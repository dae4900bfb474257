from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self):
        from branches.number_papers import connect as connect_papers
        from inspections.papering import set_composer
        from inspections.plan_progress import connect as connect_progress

        from .assessing import connect
        from .followup import target_words
        from .inspecting_facts import connect as connect_checklists
        from .inspecting_suggest import connect as connect_suggestions
        from .number_papers import congress_papers_under, reports_under
        from .papers.inspection_frame import compose

        connect()
        connect_suggestions()
        connect_checklists()
        connect_progress(target_words)
        set_composer(compose)
        connect_papers(reports_under)
        connect_papers(congress_papers_under)
