"""Calls the echo service through zeep, made from the served WSDL. Arguments: WSDL URL, SOAP version."""
import datetime
import json
import sys

from zeep import Client
from zeep.exceptions import Fault
from zeep.wsse.username import UsernameToken

wsdl, version = sys.argv[1:3]
port = "NcbsIsvServiceSoap12" if version == "1.2" else "NcbsIsvServiceSoap"
# the server's clock stands still for the test
moment = datetime.datetime(2026, 11, 21, 8, 0, tzinfo=datetime.timezone.utc)


def connect(password):
    token = UsernameToken("mkp", password, use_digest=True, created=moment)
    client = Client(wsdl, service_name="NcbsIsvService", port_name=port, wsse=token)
    return client, client.service


client, service = connect("secret")
licences = {"LicenceItem": [{"licenceCode": "PRO", "quantity": 5}, {"licenceCode": "LITE", "quantity": 2}]}
created = service.CreateRealm(
    requestId="r-1", customerId="C1", realmId="R1", customerName="Größe & Söhne <KG>", applicationId="crm",
    offerCode="std", licences=licences, trialEnd=datetime.datetime(2027, 1, 1),
    parameters={"Parameter": [{"name": "zone", "value": "Europe/Berlin"}]},
    adminUser={"userId": "U0", "email": "a@example.com"},
)
modified = service.ModifyRealm(realmId="R1", licences=licences)
replaced = service.ReplaceUsers(
    realmId="R1", remove={"userId": ["U7", "U8"]},
    add={"User": [{"userId": "U1", "licenceCodes": {"licenceCode": ["PRO"]}}, {"userId": "U2"}]},
)
status = service.UpdateUserStatus(requestId="r-88", realmId="R100", userId="U7", status=7)
service.DeleteRealm(realmId="R1", purge=True)
realm = service.GetRealm(realmId="R1")
usage = service.GetLicenceUsage(realmId="R1")
try:
    connect("wrong")[1].Ping(text="x")
    fault = None
except Fault as refusal:
    fault = refusal.message
print(json.dumps({
    "operations": len(client.wsdl.services["NcbsIsvService"].ports[port].binding._operations),
    "customer": realm.realm.customerName,
    "accessUrl": created.accessInfo.accessUrl,
    "licences": [{"licenceCode": item.licenceCode, "quantity": item.quantity} for item in modified.licences.LicenceItem],
    "results": [item.userId for item in replaced.results.UserResult],
    "status": status.status,
    "usage": usage.usage.LicenceUsage[0].purchased,
    "codes": [item.licenceCode for item in modified.licences.LicenceItem],
    "fault": fault,
}))
