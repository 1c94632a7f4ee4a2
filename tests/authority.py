"""A time stamp authority (RFC 3161) of our own, answering over HTTP on this machine, and what can be wrong with one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.tsp import TimeStampReq
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

NAME = "Stamps of the tests"
#: A request as it came -> the answer: status, bytes.
Answer = Callable[["Authority", bytes], tuple[int, bytes]]


@dataclass
class Authority:
    """``answer`` can be changed while it runs; ``asked`` counts the requests."""

    certificate: x509.Certificate
    stamper: DummyTimeStamper
    answer: Answer
    url: str = ""
    asked: int = 0

    def roots(self, folder: Path) -> Path:
        """A PEM file of its certificate."""
        path = folder / f"{self.certificate.serial_number}.pem"
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path


def stamps(authority: Authority, request: bytes) -> tuple[int, bytes]:
    """What an authority should answer."""
    return 200, authority.stamper.request_tsa_response(TimeStampReq.load(request)).dump()


def stamps_something_else(authority: Authority, request: bytes) -> tuple[int, bytes]:
    """A sound stamp over another digest."""
    asked = TimeStampReq.load(request)
    asked["message_imprint"]["hashed_message"] = bytes(32)
    return 200, authority.stamper.request_tsa_response(asked).dump()


def breaks(authority: Authority, request: bytes) -> tuple[int, bytes]:
    """Not well."""
    return 500, b""


def babbles(authority: Authority, request: bytes) -> tuple[int, bytes]:
    """No answer that can be read."""
    return 200, b"\x30\x03\x02\x01"


@contextmanager
def open_for_business(answer: Answer = stamps) -> Iterator[Authority]:
    """The authority on a free port, until the end of the block."""
    certificate, key = _made()
    authority = Authority(certificate, _stamper(certificate, key), answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(authority))
    authority.url = f"http://127.0.0.1:{server.server_address[1]}/tsa"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            status, content = authority.answer(authority, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *said: object) -> None:
            """Nothing is written into the output of the tests."""

    return Handler


def _made() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    begun = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=30))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made, key


def _stamper(certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> DummyTimeStamper:
    sealed = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    read = Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    return DummyTimeStamper(read, PrivateKeyInfo.load(sealed))
