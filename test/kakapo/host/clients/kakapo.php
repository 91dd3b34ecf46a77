<?php
// A provisioning system made from the served WSDL with PHP's own SoapClient. Arguments: WSDL, login name, password, host.
[, $wsdl, $name, $password, $host] = $argv;
$login = ['loginUserName' => $name, 'loginPassword' => $password, 'serverHostName' => $host];
foreach (['Soap' => SOAP_1_1, 'Soap12' => SOAP_1_2] as $port => $version) {
    $client = new SoapClient($wsdl, [
        'cache_wsdl' => WSDL_CACHE_NONE,
        'soap_version' => $version,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    ]);
    $call = fn (string $operation, array $more) => $client->$operation($login + $more)->{"{$operation}Result"};
    $user = ['broadworksUserId' => "php-$port@op.example"];
    $place = ['resellerId' => 'php', 'groupId' => "php-$port"];
    $license = ['applicationName' => 'UnityDesktop', 'licenseType' => 'Pro'];
    echo json_encode([
        $port,
        $call('AddUserWithHierarchy', $place + $user + ['userName' => 'Ada']),
        $call('AddUserLicense', $user + $license),
        $call('GetUsers', $place)->users->User,
        $call('GetUserLicenses', $user)->licenses->UserLicense,
        $call('AddGroup', ['resellerId' => 'none', 'groupId' => 'none']),
    ]), "\n";
}
