"""Wakes the runner when something may be due; what is due stands in the database.

APScheduler is fenced here. It keeps nothing: a tick that was missed is one tick now.
"""

from syndicate.scheduler.alarm import Alarm

__all__ = ["Alarm"]
