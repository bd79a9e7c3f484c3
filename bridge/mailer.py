"""Mail over SMTP: answers to reporters and, if wanted, staff. Implements `bridge.ports.Mailer`.

`smtp://` hands over in clear, as to a mail server on the same machine; `smtps://` is TLS with the certificate checked.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

from bridge.errors import PanelRefused, PanelUnclear, PanelUnreachable
from bridge.ports import OWN_NOTICE

NAME = "mail"
TIMEOUT = 30.0


class SmtpMailer:
    """One message a connection; addresses and subjects come from strangers and are held to one line."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, *, to: str, subject: str, text: str, reference: str) -> None:
        """Raises PanelUnreachable before anything was sent, PanelRefused, or PanelUnclear where the answer was lost."""
        message = self._message(to, subject, text, reference)
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as trouble:
            raise PanelUnreachable(NAME, f"cannot be reached: {type(trouble).__name__}") from trouble
        try:
            with connection:
                connection.send_message(message)
        except smtplib.SMTPResponseException as refusal:
            raise PanelRefused(NAME, f"{refusal.smtp_code} {_words(refusal.smtp_error)}") from refusal
        except smtplib.SMTPRecipientsRefused as refusal:
            raise PanelRefused(NAME, "the recipient was refused") from refusal
        except (OSError, smtplib.SMTPException) as trouble:
            raise PanelUnclear(NAME, f"the answer was lost: {type(trouble).__name__}") from trouble

    def _message(self, to: str, subject: str, text: str, reference: str) -> EmailMessage:
        address = parseaddr(to)[1]
        if "@" not in address or any(char.isspace() for char in address):
            raise PanelRefused(NAME, "the reporter left no address to answer to")
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = address
        message["Subject"] = " ".join(subject.split())
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{reference}@{self._sender.rpartition('@')[2].strip('> ') or 'localhost'}>"
        message["Auto-Submitted"] = "auto-generated"
        message[OWN_NOTICE] = "notice"
        message.set_content(text)
        return message

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "127.0.0.1", self._url.port
        if self._url.scheme == "smtps":
            secure = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=secure)
        else:
            connection = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
        if self._url.username:
            connection.login(unquote(self._url.username), unquote(self._url.password or ""))
        return connection


def _words(error: bytes | str) -> str:
    return error.decode("utf-8", "replace") if isinstance(error, bytes) else error
