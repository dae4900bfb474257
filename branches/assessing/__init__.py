"""The yearly assessment: rounds (who is assessed, by which words), facts (what stands beside), steps (who does what).

rounds opens a campaign and judges who is eligible; steps moves one assessment from the member's own words
to the superior's approval; facts computes what stands beside each criterion and never decides; quota counts.
"""
