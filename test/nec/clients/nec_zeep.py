"""A marketplace written with zeep, made from the served WSDL: purchase to removal, one JSON line per answer.

Arguments: WSDL URL, user name, password, dialect (4.2 or 4.3), realm id, SOAP version (1.1 or 1.2).
"""
import json
import sys

from requests import Session
from requests.auth import HTTPBasicAuth
from zeep import Client
from zeep.transports import Transport

wsdl, username, password, dialect, realm_id, version = sys.argv[1:7]
session = Session()
session.auth = HTTPBasicAuth(username, password)
client = Client(
    wsdl,
    transport=Transport(session=session),
    service_name="NcbsIsvService",
    port_name="NcbsIsvServiceSoap12" if version == "1.2" else "NcbsIsvServiceSoap",
)


def call(operation, **fields):
    answer = client.service[operation](**({"realmId": realm_id} if operation != "Ping" else {}), **fields)
    line = {"operation": operation, "code": answer.resultCode}
    for name in ("status", "ownStatus", "total", "authenticated"):
        value = getattr(answer, name, None)
        if value is not None:
            line[name] = value
    if getattr(answer, "licences", None) is not None:
        line["quantities"] = [item.quantity for item in answer.licences.LicenceItem]
    if getattr(answer, "usage", None) is not None:
        line["billable"] = answer.usage.LicenceUsage[0].billable
    if getattr(answer, "results", None) is not None:
        line["results"] = [result.resultCode for result in answer.results.UserResult]
    if getattr(answer, "ssoUrl", None) is not None:
        line["enters"] = "/sso/ncbs/enter?t=" in answer.ssoUrl
    print(json.dumps(line))


def user(user_id, enable):
    if dialect == "4.2":
        call("EnableUser" if enable else "DisableUser", userId=user_id)
    else:
        call("UpdateUserStatus", userId=user_id, status=1 if enable else 7)


def realm(enable):
    if dialect == "4.2":
        call("EnableRealm" if enable else "DisableRealm")
    else:
        call("UpdateRealmStatus", status=1 if enable else 7)


def licences(quantity):
    return {"LicenceItem": [{"licenceCode": "Standard", "quantity": quantity}]}


call("Ping", text="Größe & <Söhne>")
call(
    "CreateRealm", requestId=f"buy-{realm_id}", customerId=f"customer-{realm_id}", customerName="Größe & Söhne <KG>",
    applicationId="crm", offerCode="crm-month", licences=licences(2),
)
call("SetupRealm", parameters={"Parameter": [{"name": "zone", "value": "Europe/Berlin"}]})
call("CreateUser", user={"userId": "U1", "firstName": "Zoë", "email": "zoe@example.com"})
call("CreateUsers", users={"User": [{"userId": "U2"}, {"userId": "U3"}]})
call("ModifyRealm", licences=licences(3))
call("CreateUser", user={"userId": "U3", "role": "admin"})
call("ModifyRealm", licences=licences(1))
call("GetUsers")
call("Login", userId="U1")
realm(False)
realm(True)
user("U1", True)
for user_id in ("U1", "U2", "U3"):
    user(user_id, False)
call("GetUserStatus", userId="U1")
call("GetLicenceUsage")
call("Login", userId="U1")
realm(True)
for user_id in ("U2", "U1", "U3"):
    user(user_id, True)
call("GetUserStatus", userId="U1")
call("GetLicenceUsage")
call("ReplaceUsers", remove={"userId": ["U3"]}, add={"User": [{"userId": "U4"}]})
call("DeleteUser", userId="U1")
call("DeleteRealm", purge=True)
call("GetRealmStatus")
call("GetRealm")
