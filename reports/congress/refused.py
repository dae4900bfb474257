"""What a step on a congress paper says when it is not possible."""


class CongressRefused(Exception):
    """The step is not possible. `field` names the form field that shows the message."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field
