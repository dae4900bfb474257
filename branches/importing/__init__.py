"""Lists of members brought from Excel as people keep them: read, understood, compared with the register, applied."""
