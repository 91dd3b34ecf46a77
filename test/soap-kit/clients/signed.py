"""Signs calls with zeep (and xmlsec under it). Arguments: URL, URL that takes SHA-1, moment, key and certificate of four identities."""
import datetime
import json
import re
import sys

import xmlsec
from zeep import Client, Transport
from zeep.exceptions import Fault
from zeep.wsse.compose import Compose
from zeep.wsse.signature import BinarySignature
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSU

strict, lax, moment, rsa_key, rsa_cert, ec_key, ec_cert, foreign_key, foreign_cert, old_key, old_cert = sys.argv[1:]
moment = datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))


class SendOnly(BinarySignature):
    """As users of zeep do whose partner does not sign its answers."""

    def verify(self, envelope):
        return envelope


def signature(key=rsa_key, cert=rsa_cert, method=xmlsec.Transform.RSA_SHA256, digest=xmlsec.Transform.SHA256):
    return SendOnly(key, cert, signature_method=method, digest_method=digest)


def password(text="secret", age=None, use_digest=True):
    stamp = None
    if age is not None:
        stamp = WSU.Timestamp()
        created = moment - datetime.timedelta(seconds=age)
        stamp.append(WSU.Created(created.isoformat()))
        stamp.append(WSU.Expires((created + datetime.timedelta(seconds=300)).isoformat()))
    return UsernameToken("mkp", text, use_digest=use_digest, created=moment, timestamp_token=stamp)


class Meddler(Transport):
    """Changes what zeep sends, on its way."""

    def __init__(self, change):
        super().__init__()
        self.change = change

    def post(self, address, message, headers):
        return super().post(address, self.change(message), headers)


def call(url, wsse, port="NcbsIsvServiceSoap", transport=None):
    client = Client(url + "?wsdl", service_name="NcbsIsvService", port_name=port, wsse=wsse, transport=transport)
    try:
        return client.service.Ping(text="Größe & 東京 \u2028 😀").text
    except Fault as fault:
        subcodes = [code.localname for code in fault.subcodes or []]
        return ":".join([fault.code] + subcodes)


def wrap(text):
    """The signed Body goes into a header block, another one of the same operation takes its place."""
    body = re.search(rb"<soap-env:Body.*</soap-env:Body>", text, re.DOTALL).group()
    other = re.sub(rb'\w+:Id="[^"]*"', b"", re.sub(rb"(<\w+:text>)[^<]*", rb"\1evil", body))
    return text.replace(body, other).replace(b"<soap-env:Header>", b"<soap-env:Header><wrapper>" + body + b"</wrapper>")


sha1 = signature(method=xmlsec.Transform.RSA_SHA1, digest=xmlsec.Transform.SHA1)
print(json.dumps({
    "rsa": call(strict, signature()),
    "rsa again": call(strict, signature()),
    "soap 1.2": call(strict, signature(), port="NcbsIsvServiceSoap12"),
    "ec": call(strict, signature(ec_key, ec_cert, xmlsec.Transform.ECDSA_SHA256)),
    "with a token": call(strict, Compose([password(), signature()])),
    "token in clear": call(strict, Compose([password(use_digest=False), signature()])),
    "signature first": call(strict, Compose([signature(), password()])),
    "with a token and a timestamp": call(strict, Compose([password(age=0), signature()])),
    "token alone": call(strict, password()),
    "sha1 switched on": call(lax, sha1),
    "as zeep does by default, switched on": call(lax, SendOnly(rsa_key, rsa_cert)),
    "sha1": call(strict, sha1),
    "sha1 soap 1.2": call(strict, sha1, port="NcbsIsvServiceSoap12"),
    "wrong password": call(strict, Compose([password("wrong"), signature()])),
    "old timestamp": call(strict, Compose([password(age=400), signature()])),
    "unsigned timestamp": call(strict, Compose([signature(), password(age=0)])),
    "foreign certificate": call(strict, signature(foreign_key, foreign_cert)),
    "expired certificate": call(strict, signature(old_key, old_cert)),
    "tampered": call(strict, signature(), transport=Meddler(lambda text: text.replace(b"Gr", b"gr"))),
    "wrapped": call(strict, signature(), transport=Meddler(wrap)),
}))
