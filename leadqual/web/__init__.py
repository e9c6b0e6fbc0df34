"""The review served to both teams: who is invited, what each may do, and the pages that they get."""

from leadqual.web.invitations import Guest, invite, invited, revoke
from leadqual.web.room import Room
from leadqual.web.service import review_app

__all__ = ["Guest", "Room", "invite", "invited", "review_app", "revoke"]
