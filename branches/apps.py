from django.apps import AppConfig


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = "Chi đoàn"

    def ready(self):
        from doanquanly import checks  # noqa: F401
