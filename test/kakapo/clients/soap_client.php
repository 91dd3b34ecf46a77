<?php
// A provisioning system made from the served WSDL with PHP's own SoapClient. Argument: the address of the WSDL.
//
// Reads calls from standard input as one JSON list of {"port", "operation", "parameters"} and prints one JSON list of {"value"}, what
// SoapClient made of the answer, or {"error"}; and beside it {"text"}, the answer as it was sent.
$clients = [];
foreach (['Soap' => SOAP_1_1, 'Soap12' => SOAP_1_2] as $port => $version) {
    $clients[$port] = new SoapClient($argv[1], [
        'cache_wsdl' => WSDL_CACHE_MEMORY,
        'soap_version' => $version,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'trace' => true,
    ]);
}

function call(SoapClient $client, string $operation, array $parameters): array
{
    try {
        return ['value' => $client->$operation($parameters)->{"{$operation}Result"}];
    } catch (Throwable $error) { // told to the test, which fails of it
        return ['error' => get_class($error) . ': ' . $error->getMessage()];
    }
}

$answers = [];
foreach (json_decode(stream_get_contents(STDIN), true, flags: JSON_THROW_ON_ERROR) as $one) {
    $client = $clients[$one['port']];
    $answers[] = call($client, $one['operation'], $one['parameters']) + ['text' => $client->__getLastResponse() ?? ''];
}
echo json_encode($answers, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
