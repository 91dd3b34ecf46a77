<?php
// Calls the echo service through PHP's own SoapClient, made from the served WSDL. Arguments: WSDL URL, SOAP version.
[, $wsdl, $version] = $argv;
$options = [
    'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'login' => 'mkp',
    'password' => 'secret',
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'exceptions' => true,
];
$client = new SoapClient($wsdl, $options);
$licences = ['LicenceItem' => [['licenceCode' => 'PRO', 'quantity' => 5], ['licenceCode' => 'LITE', 'quantity' => 2]]];
$created = $client->CreateRealm([
    'requestId' => 'r-1', 'customerId' => 'C1', 'realmId' => 'R1', 'customerName' => 'Größe & Söhne <KG>',
    'applicationId' => 'crm', 'offerCode' => 'std', 'licences' => $licences, 'trialEnd' => '2027-01-01T00:00:00Z',
    'parameters' => ['Parameter' => [['name' => 'zone', 'value' => 'Europe/Berlin']]],
    'adminUser' => ['userId' => 'U0', 'email' => 'a@example.com'],
])->CreateRealmResult;
$modified = $client->ModifyRealm(['realmId' => 'R1', 'licences' => $licences])->ModifyRealmResult;
$replaced = $client->ReplaceUsers([
    'realmId' => 'R1',
    'remove' => ['userId' => ['U7', 'U8']],
    'add' => ['User' => [['userId' => 'U1', 'licenceCodes' => ['licenceCode' => ['PRO']]], ['userId' => 'U2']]],
])->ReplaceUsersResult;
$status = $client->UpdateUserStatus(['requestId' => 'r-88', 'realmId' => 'R100', 'userId' => 'U7', 'status' => 7]);
$client->DeleteRealm(['realmId' => 'R1', 'purge' => true]);
$realm = $client->GetRealm(['realmId' => 'R1'])->GetRealmResult;
$usage = $client->GetLicenceUsage(['realmId' => 'R1'])->GetLicenceUsageResult;
// SOAP 1.1 clients of PHP hide the fault of a 401 behind the HTTP status, so the refusal is asked for by token
$header = new SoapHeader(
    'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
    'Security',
    new SoapVar(
        '<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">'
        . '<w:UsernameToken><w:Username>mkp</w:Username><w:Password>wrong</w:Password></w:UsernameToken></w:Security>',
        XSD_ANYXML
    )
);
$fault = null;
try {
    $client->__soapCall('Ping', [['text' => 'x']], null, $header);
} catch (SoapFault $refusal) {
    $fault = $refusal->getMessage();
}
echo json_encode([
    'operations' => count(array_unique($client->__getFunctions())),
    'customer' => $realm->realm->customerName,
    'accessUrl' => $created->accessInfo->accessUrl,
    'licences' => array_map(fn ($l) => ['licenceCode' => $l->licenceCode, 'quantity' => $l->quantity], $modified->licences->LicenceItem),
    'results' => array_map(fn ($r) => $r->userId, $replaced->results->UserResult),
    'status' => $status->UpdateUserStatusResult->status,
    'usage' => $usage->usage->LicenceUsage[0]->purchased,
    'codes' => array_map(fn ($l) => $l->licenceCode, $modified->licences->LicenceItem),
    'fault' => $fault,
], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
