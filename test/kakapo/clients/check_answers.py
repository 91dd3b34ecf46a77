"""Checks answers against the schema in the served WSDL, with libxml2. Argument: the address of the WSDL.

Reads answers from standard input as one JSON list of texts: SOAP envelopes, or documents of the form bindings. Prints one JSON list
of what is wrong with each, null for nothing.
"""
import json
import sys
from urllib.request import urlopen

from lxml import etree

envelopes = ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"]
wsdl = etree.fromstring(urlopen(sys.argv[1]).read())
# written and read again, so that it has the prefixes that the whole document declares
schema = etree.XMLSchema(etree.fromstring(etree.tostring(wsdl.find(".//{http://www.w3.org/2001/XMLSchema}schema"))))


def problem_of(text):
    root = etree.fromstring(text.encode())
    if etree.QName(root).namespace in envelopes:
        body = root.find("{*}Body")
        root = etree.fromstring(etree.tostring(body[0]))
    return None if schema.validate(root) else str(schema.error_log)


print(json.dumps([problem_of(text) for text in json.load(sys.stdin)]))
