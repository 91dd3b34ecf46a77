"""A CRM/PRM application written with zeep, made from the served WSDLs. Argument: where the paths of the channel begin.

Reads a call per line (JSON) and answers each with a line. Both ways {"$int": text} is an integer of any size, {"$dateTime": text} an
instant and {"$nil": true} an xsi:nil; answers name the type of every bean in "$type".
"""
import json
import sys
from datetime import datetime, timezone

from lxml import etree
from zeep import Client, xsd
from zeep.exceptions import Fault
from zeep.wsse.username import UsernameToken

base = sys.argv[1]
clients = {}


def client_of(service):
    if service not in clients:
        side = "sp" if service.startswith("Sp") else "op"
        clients[service] = Client(f"{base}/prm_{side}/services/{service}?wsdl")
    return clients[service]


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def decoded(pairs):
    value = dict(pairs)
    if "$int" in value:
        return int(value["$int"])
    if "$dateTime" in value:
        return instant(value["$dateTime"])
    return xsd.Nil if "$nil" in value else value


def encoded(value):
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return {"$int": str(value)}
    if isinstance(value, datetime):
        return {"$dateTime": value.astimezone(timezone.utc).isoformat()}
    if isinstance(value, list):
        return [encoded(item) for item in value]
    fields = {name: encoded(getattr(value, name)) for name in value if getattr(value, name) is not None}
    return {"$type": value._xsd_type.name, **fields}


def credentials(caller):
    """A UsernameToken and the header blocks of a call."""
    if "ticket" in caller:
        block = etree.Element("{urn:prm:4.0}loginTicket")
        block.text = caller["ticket"]
        return None, [block]
    if "username" not in caller:
        return None, []
    created = instant(caller["created"]) if "created" in caller else None
    digest = caller.get("digest", False)
    return UsernameToken(caller["username"], caller["password"], use_digest=digest, created=created), []


def call(request):
    service, operation = request["service"], request["operation"]
    client = client_of(service)
    port = service + ("Soap12" if request["version"] == "1.2" else "")
    client.wsse, headers = credentials(request["as"])
    proxy = client.bind(f"{service}Service", port)
    try:
        return {"value": encoded(proxy[operation](_soapheaders=headers, **request["input"]))}
    except Fault as fault:
        element = fault.detail[0]
        name = etree.QName(element)
        declared = proxy._binding.get(operation).abstract.fault_messages[name.localname]
        if declared.parts["fault"].element.qname != name:
            raise
        detail = encoded(client.wsdl.types.deserialize(element))
        return {"fault": {"name": name.localname, "code": fault.code, "text": fault.message, "detail": detail}}


for line in sys.stdin:
    try:
        answer = call(json.loads(line, object_pairs_hook=decoded))
    except Exception as error:  # told to the test, which fails of it
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
