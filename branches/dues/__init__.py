"""Membership dues and the fund: what is owed, who paid, what goes up, and the book that holds it all.

rates (the rate of a month) → owing (what is owed) → statuses (what each pays by) → paying (receipts) →
remitting (slips to the superior) → fund (the book); arrears adds up what was not paid. All money is whole đồng.
"""
