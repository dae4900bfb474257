"""The five classes of privacy, mildest first; the table of every field is privacy.py.

technical   keys, versions, derived search columns, hashes: says nothing about anybody by itself
public      what stands on papers that leave the house, catalogues, rules: units, indicators, names of terms
work        the work of units and what officers did in their post (who wrote, who decided, when)
personal    about a member or another private person
sensitive   what the law on personal data calls so (ethnic origin, religion, politics, identity numbers) and what
            the Đoàn keeps closed (discipline, complaints); rows that may hold any of these
"""

from enum import StrEnum


class Privacy(StrEnum):
    TECHNICAL = "technical"
    PUBLIC = "public"
    WORK = "work"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
