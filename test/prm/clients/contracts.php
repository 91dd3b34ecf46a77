<?php
// What PHP makes of the served WSDLs: the names of the operations and of the complex types. Arguments: URLs of the WSDLs.
$seen = [];
foreach (array_slice($argv, 1) as $url) {
    $client = new SoapClient($url, ['cache_wsdl' => WSDL_CACHE_NONE]);
    preg_match_all('/ (\w+)\(/', implode("\n", array_unique($client->__getFunctions())), $functions);
    preg_match_all('/^struct (\w+) \{/m', implode("\n", $client->__getTypes()), $types);
    $seen[basename(parse_url($url, PHP_URL_PATH))] = ['operations' => $functions[1], 'types' => $types[1]];
}
echo json_encode($seen);
