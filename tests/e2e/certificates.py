"""Certificates made at test time by the openssl program: an authority, and servers right or wrong in one way.

    folder = Certificates(path)      makes them all
    folder.authority                 the file that the agent is told to trust
    folder.server("expired")         a context for an HTTPS server: good, wrong_name, unknown_issuer, expired
"""
import datetime
import pathlib
import ssl
import subprocess


def openssl(*arguments, cwd):
    subprocess.run(["openssl", *arguments], cwd=cwd, check=True, capture_output=True)


class Certificates:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.authority = self.folder / "authority.pem"
        self._make_authority("authority")
        self._make_authority("stranger")
        self._make_server("good", "authority", "DNS:localhost,IP:127.0.0.1")
        self._make_server("wrong_name", "authority", "DNS:elsewhere.example")
        self._make_server("unknown_issuer", "stranger", "DNS:localhost,IP:127.0.0.1")
        self._make_server("expired", "authority", "DNS:localhost,IP:127.0.0.1", days_ago=30)

    def server(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context

    def _make_authority(self, name):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem", cwd=self.folder)
        (self.folder / f"{name}.db").touch()
        (self.folder / f"{name}.cnf").write_text(
            f"[ca]\ndefault_ca=it\n[it]\ndatabase={name}.db\nnew_certs_dir=.\ncertificate={name}.pem\n"
            f"private_key={name}.key\nrand_serial=yes\ndefault_md=sha256\npolicy=any\ncopy_extensions=copy\n"
            f"unique_subject=no\n[any]\ncommonName=supplied\n")

    def _make_server(self, name, authority, alternative_names, days_ago=0):
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago)
        begin, end = now - datetime.timedelta(days=1), now + datetime.timedelta(days=1)
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-addext", f"subjectAltName={alternative_names}", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                cwd=self.folder)
        openssl("ca", "-batch", "-notext", "-config", f"{authority}.cnf", "-in", f"{name}.csr", "-out", f"{name}.pem",
                "-startdate", begin.strftime("%Y%m%d%H%M%SZ"), "-enddate", end.strftime("%Y%m%d%H%M%SZ"),
                cwd=self.folder)
