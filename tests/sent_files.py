"""Files of forms that are sent more than once."""

from django.core.files.base import ContentFile


class Anew(ContentFile):
    """A file chosen once and sent as often as the form is."""

    def read(self, *args):
        self.seek(0)
        return super().read(*args)
