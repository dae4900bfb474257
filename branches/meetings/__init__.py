"""A meeting of a unit, from what is still open to the roll, the agenda, the votes and the paper.

states.py what a meeting goes through, planning.py its preparation, roll.py who was there, agenda.py what was
dealt with and concluded, voting.py what a vote means, inviting.py and feeds.py how people hear of it,
attendance.py the figures everybody else reads.
"""
