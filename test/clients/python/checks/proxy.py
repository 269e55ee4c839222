"""
A proxy that answers as Google. Programs whose endpoint cannot be set reach the emulator through it, unchanged: by the variables that
users behind a company's proxy set (`https_proxy`, and the certificate authority to trust).
"""

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import SHUT_WR, create_connection, socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from checks.emulator import URL

HOSTS = ["www.googleapis.com", "oauth2.googleapis.com", "accounts.google.com"]


class GoogleProxy(ThreadingTCPServer):
    """Listens on this machine. `folder` is where its certificates are."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.authority = folder / "authority.pem"
        self.context = _certify(folder, self.authority)
        Thread(target=self.serve_forever, daemon=True).start()

    def environment(self) -> dict[str, str]:
        """Returns the variables that make programs use the proxy, and trust it."""
        address = f"http://127.0.0.1:{self.server_address[1]}"
        trust = dict.fromkeys(("HTTPLIB2_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), str(self.authority))
        return {"https_proxy": address, "HTTPS_PROXY": address, "no_proxy": "", "NO_PROXY": "", **trust}


class _Tunnel(BaseRequestHandler):
    server: GoogleProxy

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.request.recv(4096)
            if not part:
                return
            head += part
        method, target, _ = head.split(b" ", 2)
        if method != b"CONNECT" or target.decode().split(":")[0] not in HOSTS:
            self.request.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        root = urlsplit(URL)
        with (
            self.server.context.wrap_socket(self.request, server_side=True) as client,
            create_connection((root.hostname, root.port)) as emulator,
        ):
            back = Thread(target=_copy, args=(emulator, client), daemon=True)
            back.start()
            _copy(client, emulator)
            back.join()


def _copy(source: socket, target: socket) -> None:
    """Copies until the source ends or either of them is lost. A client may leave whenever it has its answer."""
    try:
        while part := source.recv(65_536):
            target.sendall(part)
        target.shutdown(SHUT_WR)
    except OSError:
        pass


def _certify(folder: Path, authority: Path) -> ssl.SSLContext:
    """Writes the certificate of a new authority. Returns a context with one for Google's hosts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Calendar checks")])
    certificate = (
        _certificate(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    host_key, host = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTS[0])])
    host_certificate = (
        _certificate(host, name, host_key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in HOSTS]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "hosts.pem"
    unencrypted = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(host_certificate.public_bytes(serialization.Encoding.PEM) + host_key.private_bytes(*unencrypted))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    # Not the emulator's time: TLS is checked by the machine's clock.
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )


def use(proxy: GoogleProxy) -> None:
    """Makes this process use the proxy. Must be called before httplib2 is imported, which reads its variable only then."""
    os.environ.update(proxy.environment())
