"""A provisioning system made from the served WSDL with zeep, by every binding. Arguments: WSDL, login name, password, host."""
import json
import sys

import zeep
from zeep.helpers import serialize_object

wsdl, name, password, host = sys.argv[1:]
login = {"loginUserName": name, "loginPassword": password, "serverHostName": host}
client = zeep.Client(wsdl)
for port in ["Soap", "Soap12", "HttpGet", "HttpPost"]:
    service = client.bind("ProvisionV3", f"ProvisionV3{port}")

    def call(operation, optional=(), **more):
        # by POST zeep writes the word None for a part that is not given
        absent = {key: "" for key in optional} if port == "HttpPost" else {}
        answer = serialize_object(service[operation](**login, **more, **absent), dict)
        return {key: value for key, value in answer.items() if value is not None}

    user = {"broadworksUserId": f"zeep-{port}@op.example"}
    place = {"resellerId": "zeep", "groupId": f"zeep-{port}"}
    license = {"applicationName": "UnityDesktop", "licenseType": "Pro"}
    answers = [
        port,
        call("AddUserWithHierarchy", ["resellerName", "groupName"], **place, **user, userName="Ada"),
        call("AddUserLicense", ["resellerId", "groupId"], **user, **license),
        call("GetUsers", **place)["users"]["User"],
        call("GetUserLicenses", **user)["licenses"]["UserLicense"],
        call("AddGroup", ["groupName"], resellerId="none", groupId="none"),
    ]
    print(json.dumps(answers, default=lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ")))
