from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "Kiểm tra, giám sát"

    def ready(self):
        from branches.heirs import ALSO_LEFT

        from .succession import left_open

        ALSO_LEFT.append(left_open)
