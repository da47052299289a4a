"""One polite and careful way to the web: every request of the program to a server of others goes through `Web`."""

from crossquote.fetching.values import LISTING, PAGE, Fetched, Outcome, Request, Want
from crossquote.fetching.web import Limits, Web

__all__ = ["LISTING", "PAGE", "Fetched", "Limits", "Outcome", "Request", "Want", "Web"]
