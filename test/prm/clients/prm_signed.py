"""Signs calls of OpService.getUserLevel with zeep. Arguments: where the paths of a channel begin, the same of one that takes SHA-1,
keys and certificates of the account and of a stranger, username and password of another account."""
import json
import re
import sys

import xmlsec
from zeep import Client, Transport
from zeep.exceptions import Fault
from zeep.wsse.compose import Compose
from zeep.wsse.signature import BinarySignature
from zeep.wsse.username import UsernameToken

strict, lax, key, cert, foreign_key, foreign_cert, username, password = sys.argv[1:]


class SendOnly(BinarySignature):
    """As users of zeep do whose partner does not sign its answers."""

    def verify(self, envelope):
        return envelope


class Meddler(Transport):
    """Changes what zeep sends, on its way; or sends it twice."""

    def __init__(self, change=lambda message: message, twice=False):
        super().__init__()
        self.change = change
        self.twice = twice

    def post(self, address, message, headers):
        answer = super().post(address, self.change(message), headers)
        return super().post(address, self.change(message), headers) if self.twice else answer


def signature(method=xmlsec.Transform.RSA_SHA256, digest=xmlsec.Transform.SHA256, by=(key, cert)):
    return SendOnly(*by, signature_method=method, digest_method=digest)


def call(base, wsse, port="OpService", transport=None):
    client = Client(f"{base}/prm_op/services/OpService?wsdl", wsse=wsse, transport=transport)
    try:
        return client.bind("OpServiceService", port).getUserLevel()
    except Fault as fault:
        codes = [fault.code] + [code.localname for code in fault.subcodes or []]
        return ":".join(codes) + " " + re.sub(r"^\{.*\}", "", fault.detail[0].tag)


def wrap(message):
    """The signed Body goes into a header block, another one takes its place."""
    body = re.search(rb"<soap-env:Body.*</soap-env:Body>", message, re.DOTALL).group()
    other = re.sub(rb' \w+:Id="[^"]*"', b"", body)
    return message.replace(body, other).replace(b"<soap-env:Header>", b"<soap-env:Header><wrapper>" + body + b"</wrapper>")


def tamper(message):
    return message.replace(b"getUserLevel", b"listSpGroups")


sha1 = signature(xmlsec.Transform.RSA_SHA1, xmlsec.Transform.SHA1)
own = UsernameToken("op-desk", "change-me-Op-1")
other = UsernameToken(username, password)
print(json.dumps({
    "signed": call(strict, signature()),
    "signed again": call(strict, signature()),
    "soap 1.2": call(strict, signature(), port="OpServiceSoap12"),
    "with its token": call(strict, Compose([own, signature()])),
    "with its digest": call(strict, Compose([UsernameToken("op-desk", "change-me-Digest-1", use_digest=True), signature()])),
    "sha1 where it is taken": call(lax, sha1),
    "as zeep does by itself, where it is taken": call(lax, SendOnly(key, cert)),
    "as zeep does by itself": call(strict, SendOnly(key, cert)),
    "soap 1.2 and sha1": call(strict, sha1, port="OpServiceSoap12"),
    "of another account": call(strict, Compose([other, signature()])),
    "foreign": call(strict, signature(by=(foreign_key, foreign_cert))),
    "tampered": call(strict, signature(), transport=Meddler(tamper)),
    "wrapped": call(strict, signature(), transport=Meddler(wrap)),
    "twice": call(strict, signature(), transport=Meddler(twice=True)),
}))
