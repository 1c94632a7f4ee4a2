"""The mail server of this installation: whether there is one, and handing it a message."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from portal.config import Settings

#: Seconds for the mail server to answer.
TIMEOUT = 20


class Refused(Exception):
    """Whoever was to send the message will not take it for this address; trying again is of no use."""


class Unreachable(Exception):
    """Whoever was to send the message is away or busy; it may be tried later."""


def is_configured(settings: Settings) -> bool:
    """Whether a mail server and a sender are set."""
    return settings.mail_host is not None


def send_mail(settings: Settings, *, to: str, subject: str, text: str) -> None:
    """Hand one plain-text message to the mail server. Raises Refused or Unreachable."""
    try:
        with _connect(settings) as server:
            server.send_message(_letter(settings, to, subject, text))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
        raise Refused(type(error).__name__) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(type(error).__name__) from None


def knock(settings: Settings) -> str:
    """Connect, sign in and hang up; the server's host. Nothing is sent. Raises Unreachable."""
    try:
        with _connect(settings) as server:
            server.noop()
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(type(error).__name__) from None
    return str(settings.mail_host)


def _letter(settings: Settings, to: str, subject: str, text: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = settings.mail_from, to, subject
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain="jieding")
    letter.set_content(text)
    return letter


def _connect(settings: Settings) -> smtplib.SMTP:
    host, port = str(settings.mail_host), settings.mail_port
    if settings.mail_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    if settings.mail_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    if settings.mail_user and settings.mail_password:
        server.login(settings.mail_user, settings.mail_password.get_secret_value())
    return server
