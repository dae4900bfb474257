"""Demo data: a small believable province, built through the same verbs as typed data.

The founding cases are in case_a … case_d, the years up to today in running_year and running_cases, the
large set for measuring in bulk. Every person is invented (people.py). Loaded by `manage.py load_demo`.
"""
