"""Deciding a bulk extension from the portal: once, whoever else decides at the same moment and however often it is sent."""

from __future__ import annotations

from portal.models import Extension, User
from portal.rules.refusal import Refusal
from portal.services import extensions
from portal.services.editions import NO_PAGE, Seen


def decide(*, actor: User, extension: Extension, approve: bool, reason: str, seen: Seen = NO_PAGE) -> Extension:
    """Decide (RE-2.11). The same decision of the same person, sent again, is the decision already taken.

    Raises Refusal as ``extensions.decide_extension`` does when somebody else, or this person differently, has decided.
    """
    try:
        return extensions.decide_extension(actor=actor, extension=extension, approve=approve, reason=reason, seen=seen)
    except Refusal as refusal:
        wanted = "approved" if approve else "rejected"
        mine = extension.decided_by_id == actor.id and extension.state == wanted
        if refusal.reason != "extension_decided" or not mine:
            raise
        return extension
