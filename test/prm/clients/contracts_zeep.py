"""What zeep makes of the served WSDLs: the operations of every port, with the type of each fault. Arguments: URLs of the WSDLs."""
import json
import sys

from zeep import Client


def faults_of(operation):
    messages = operation.abstract.fault_messages
    return {name: messages[name].parts["fault"].element.type.qname.localname for name in operation.faults}


seen = {}
for url in sys.argv[1:]:
    client = Client(url)
    (service,) = client.wsdl.services.values()
    seen[service.name] = {
        port.name: {name: faults_of(operation) for name, operation in port.binding._operations.items()}
        for port in service.ports.values()
    }
print(json.dumps(seen))
