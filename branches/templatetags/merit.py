"""What a vote of a meeting leads to, for the pages of meetings."""

from django import template

from branches.from_ballot import onward_words

register = template.Library()
register.simple_tag(onward_words)
