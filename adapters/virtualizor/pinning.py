"""Trusting a panel's own certificate: it is as good as a name, since only that panel has its key.

A panel ships a certificate that it signed itself, often made out to no name that the panel is reached by. Where
`ca_file` holds that very certificate, the name need not fit; where it holds a CA, the name has to.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from urllib3.util.ssl_match_hostname import CertificateError, match_hostname

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Pinned:
    """The certificates of a `ca_file`, in DER."""

    certificates: frozenset[bytes]

    @classmethod
    def load(cls, ca_file: str) -> Pinned:
        """Raises OSError where the file cannot be read or holds no certificate."""
        try:
            blocks = _PEM.findall(Path(ca_file).read_text(encoding="ascii"))
            certificates = frozenset(ssl.PEM_cert_to_DER_cert(block) for block in blocks)
        except ValueError as problem:
            raise OSError(f"{ca_file} is no PEM file") from problem
        if not certificates:
            raise OSError(f"{ca_file} holds no certificate")
        return cls(certificates)

    def check(self, line: ssl.SSLSocket, host: str) -> None:
        """Whether this is the panel; its chain was verified before. Raises ssl.SSLCertVerificationError."""
        if line.getpeercert(binary_form=True) in self.certificates:
            return
        names: Any = line.getpeercert()  # as a dictionary; the two libraries spell its type differently
        try:
            match_hostname(names, host)
        except CertificateError as problem:
            raise ssl.SSLCertVerificationError(str(problem)) from problem
