"""Demonstrations: flows played before an audience, on a mock or on a real deployment.

stage.py      where a flow plays; what changed there, and the way back
rendering.py  what the audience reads, secrets masked
show.py       the play itself: step by step, forth and back
"""
