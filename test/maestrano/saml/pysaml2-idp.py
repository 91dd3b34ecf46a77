"""An identity provider made of pysaml2 and xmlsec1: another stack than ours on the other side.

Reads JSON from standard input: request (the AuthnRequest of a redirect, deflated and in base64), issuer, key, certificate (files),
sign ("assertion", "response" or "both"), attributes. Writes JSON: the response in base64 and what was read from the request.
"""

import base64
import json
import sys
import time

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.attribute_converter import AttributeConverterNOOP
from saml2.config import IdPConfig
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

asked = json.load(sys.stdin)


def metadata(audience, consume):
    return (
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s"><SPSSODescriptor '
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService index="0" '
        'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="%s"/></SPSSODescriptor></EntityDescriptor>'
        % (audience, consume)
    )


config = IdPConfig().load(
    {
        "entityid": asked["issuer"],
        "key_file": asked["key"],
        "cert_file": asked["certificate"],
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "metadata": {"inline": [metadata(asked["audience"], asked["consume"])]},
        "service": {
            "idp": {
                "endpoints": {"single_sign_on_service": [(asked["issuer"], BINDING_HTTP_REDIRECT)]},
                "policy": {"default": {"lifetime": {"minutes": 60}, "name_form": NAME_FORMAT_BASIC, "fail_on_missing_requested": False}},
            }
        },
    }
)
# the names as they are: pysaml2 would give some of them those of LDAP
config.attribute_converters = [AttributeConverterNOOP(NAME_FORMAT_BASIC)]
server = Server(config=config)
request = server.parse_authn_request(asked["request"], BINDING_HTTP_REDIRECT).message
response = server.create_authn_response(
    identity={name: [value] for name, value in asked["attributes"].items()},
    in_response_to=request.id,
    destination=request.assertion_consumer_service_url,
    sp_entity_id=asked["audience"],
    name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=asked["attributes"]["uid"]),
    authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "authn_instant": int(time.time())},
    sign_assertion=asked["sign"] in ("assertion", "both"),
    sign_response=asked["sign"] in ("response", "both"),
    sign_alg=SIG_RSA_SHA256,
    digest_alg=DIGEST_SHA256,
)
json.dump(
    {
        "response": base64.b64encode(str(response).encode()).decode(),
        "request": {"id": request.id, "issuer": request.issuer.text, "consume": request.assertion_consumer_service_url},
    },
    sys.stdout,
)
