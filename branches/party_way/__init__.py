"""The way to the Party: dated steps of a member, the funnel of a unit and year, remarks for the Party committee.

steps.py writes the steps and says what they need, funnel.py counts them, remarks.py keeps the periodic remarks.
Steps are counted each by itself and never added up (domain.md 4).
"""
