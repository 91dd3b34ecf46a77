<?php
// A marketplace written with PHP's own SoapClient, made from the served WSDL: purchase to removal, one JSON line per answer.
// Arguments: WSDL URL, user name, password, dialect (4.2 or 4.3), realm id, SOAP version (1.1 or 1.2).
[, $wsdl, $username, $password, $dialect, $realmId, $version] = $argv;
$client = new SoapClient($wsdl, [
    'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'login' => $username,
    'password' => $password,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);

function call(string $operation, array $input): object
{
    global $client, $realmId;
    $answer = $client->$operation(['realmId' => $realmId] + $input)->{$operation . 'Result'};
    $line = ['operation' => $operation, 'code' => $answer->resultCode];
    foreach (['status', 'ownStatus', 'total', 'authenticated'] as $field) {
        if (isset($answer->$field)) $line[$field] = $answer->$field;
    }
    if (isset($answer->licences->LicenceItem)) $line['quantities'] = array_map(fn ($l) => $l->quantity, $answer->licences->LicenceItem);
    if (isset($answer->usage->LicenceUsage)) $line['billable'] = $answer->usage->LicenceUsage[0]->billable;
    if (isset($answer->results->UserResult)) $line['results'] = array_map(fn ($r) => $r->resultCode, $answer->results->UserResult);
    if (isset($answer->ssoUrl)) $line['enters'] = str_contains($answer->ssoUrl, '/sso/ncbs/enter?t=');
    echo json_encode($line), "\n";
    return $answer;
}

function user(string $userId, bool $enable): void
{
    global $dialect;
    if ($dialect === '4.2') call($enable ? 'EnableUser' : 'DisableUser', ['userId' => $userId]);
    else call('UpdateUserStatus', ['userId' => $userId, 'status' => $enable ? 1 : 7]);
}

function realm(bool $enable): void
{
    global $dialect;
    if ($dialect === '4.2') call($enable ? 'EnableRealm' : 'DisableRealm', []);
    else call('UpdateRealmStatus', ['status' => $enable ? 1 : 7]);
}

$licences = fn (int $quantity) => ['licences' => ['LicenceItem' => [['licenceCode' => 'Standard', 'quantity' => $quantity]]]];
call('Ping', ['text' => 'Größe & <Söhne>']);
call('CreateRealm', [
    'requestId' => "buy-$realmId", 'customerId' => "customer-$realmId", 'customerName' => 'Größe & Söhne <KG>',
    'applicationId' => 'crm', 'offerCode' => 'crm-month',
] + $licences(2));
call('SetupRealm', ['parameters' => ['Parameter' => [['name' => 'zone', 'value' => 'Europe/Berlin']]]]);
call('CreateUser', ['user' => ['userId' => 'U1', 'firstName' => 'Zoë', 'email' => 'zoe@example.com']]);
call('CreateUsers', ['users' => ['User' => [['userId' => 'U2'], ['userId' => 'U3']]]]);
call('ModifyRealm', $licences(3));
call('CreateUser', ['user' => ['userId' => 'U3', 'role' => 'admin']]);
call('ModifyRealm', $licences(1));
call('GetUsers', []);
call('Login', ['userId' => 'U1']);
realm(false);
realm(true);
user('U1', true);
foreach (['U1', 'U2', 'U3'] as $userId) user($userId, false);
call('GetUserStatus', ['userId' => 'U1']);
call('GetLicenceUsage', []);
call('Login', ['userId' => 'U1']);
realm(true);
foreach (['U2', 'U1', 'U3'] as $userId) user($userId, true);
call('GetUserStatus', ['userId' => 'U1']);
call('GetLicenceUsage', []);
call('ReplaceUsers', ['remove' => ['userId' => ['U3']], 'add' => ['User' => [['userId' => 'U4']]]]);
call('DeleteUser', ['userId' => 'U1']);
call('DeleteRealm', ['purge' => true]);
call('GetRealmStatus', []);
call('GetRealm', []);
