"""Emulation of units: the criteria as data, each line computed and explained, both sides' points, the ranking."""


class EmulationRefused(Exception):
    """The step is not possible. `field` names the form field that shows the message."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field
