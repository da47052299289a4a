"""Tells people, by webhook and mail, of failed and late runs and of new conflicts; each thing once."""

from crossquote.notices.announcer import Announcer, Plan

__all__ = ["Announcer", "Plan"]
