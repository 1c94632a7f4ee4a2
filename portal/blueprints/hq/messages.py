"""Messages that could not leave or still wait: the administrator reads one for a reason, or tries it again."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_number_key
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say
from portal.forms.application_reviews import PlainForm
from portal.queries import outgoing_messages as found
from portal.services import outgoing_messages
from portal.transaction import transaction
from portal.wording.outgoing_messages import CHANNELS, FAILURES, KINDS, STATES
from portal.wording.reveals import MESSAGE_REASONS


@bp.get("/messages")
@requires(Permission.SEE_MESSAGES)
def list_messages() -> ResponseReturnValue:
    """Those that wait, were given up or were sent, the newest first; no address and no text."""
    shown = request.args.get("show", "waiting")
    if shown not in STATES:
        abort(404)
    rows, older = found.listed(shown, page_number_key("after"))
    connected = {name: outgoing_messages.is_connected(name) for name in CHANNELS}
    facts = {"rows": rows, "older": older, "shown": shown, "connected": connected}
    words = {"kinds": KINDS, "channels": CHANNELS, "failures": FAILURES, "states": STATES}
    return render_template("hq/messages/list.html", **facts, **words, reveal_reasons=MESSAGE_REASONS)


@bp.post("/messages/<id:message_id>/reveal")
@requires(Permission.SEE_MESSAGES)
def reveal_message(message_id: int) -> ResponseReturnValue:
    """Address and text of one message that has not been sent, for a reason, on record (GD-13)."""
    message = or_404(found.find(message_id))
    reason = request.form.get("reason", "")
    if reason not in outgoing_messages.REASONS or message.facts is None:
        return htmx.go(url_for(".list_messages", show=message.state))
    with transaction():
        address, subject, text = outgoing_messages.reveal(actor=me(), message=message, reason=reason)
    facts = {"message": message, "address": address, "subject": subject, "text": text}
    return render_template("hq/messages/show.html", kinds=KINDS, channels=CHANNELS, **facts)


@bp.post("/messages/<id:message_id>/again")
@requires(Permission.SEE_MESSAGES)
def send_message_again(message_id: int) -> ResponseReturnValue:
    """Try a message that was given up once more."""
    message, form = or_404(found.find(message_id)), PlainForm()
    if carry_out(form, outgoing_messages.send_again, actor=me(), message=message) is None:
        say(_("这条消息现在不能重新发送。"), "", "warn")
    else:
        say(_("已重新排队发送。"), _("发出后在“已发送”里，发不出会回到这一页。"))
    return htmx.go(url_for(".list_messages", show="failed"))
