<?php
// A CRM/PRM application written with PHP's own SoapClient, made from the served WSDLs. Argument: where the paths of the channel begin.
// Reads a call per line (JSON) and answers each with a line. Both ways {"$int": text} is an integer of any size, {"$dateTime": text} an
// instant and {"$nil": true} an xsi:nil; answers name the type of every bean in "$type".
$base = $argv[1];
const XSD = 'http://www.w3.org/2001/XMLSchema';
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';

/** A class of its own for every type of the WSDL: what SoapClient puts into one it has recognised. */
class Bean extends stdClass
{
}

function client(string $service, string $version): SoapClient
{
    global $base;
    static $clients = [];
    if (isset($clients["$service $version"])) return $clients["$service $version"];
    $side = str_starts_with($service, 'Sp') ? 'sp' : 'op';
    $wsdl = "$base/prm_$side/services/$service?wsdl";
    $options = ['cache_wsdl' => WSDL_CACHE_NONE];
    $classes = [];
    foreach ((new SoapClient($wsdl, $options))->__getTypes() as $type) {
        if (!preg_match('/^struct (\w+) \{/', $type, $match)) continue;
        $classes[$match[1]] = 'Prm' . $match[1];
        if (!class_exists('Prm' . $match[1])) eval("class Prm$match[1] extends Bean {}");
    }
    return $clients["$service $version"] = new SoapClient($wsdl, $options + [
        'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'classmap' => $classes,
        'typemap' => [[
            'type_ns' => XSD,
            'type_name' => 'dateTime',
            'from_xml' => fn (string $xml) => new DateTimeImmutable(strip_tags($xml)),
        ]],
    ]);
}

function decoded(mixed $value): mixed
{
    if (!is_array($value)) return $value;
    if (isset($value['$int'])) return (int) $value['$int'];
    if (isset($value['$dateTime'])) return $value['$dateTime'];
    return isset($value['$nil']) ? null : array_map(decoded(...), $value);
}

function encoded(mixed $value): mixed
{
    if (is_int($value)) return ['$int' => (string) $value];
    if ($value instanceof DateTimeImmutable) return ['$dateTime' => $value->format(DATE_RFC3339_EXTENDED)];
    if (is_array($value)) return array_map(encoded(...), $value);
    if (!is_object($value)) return $value;
    $fields = array_filter(get_object_vars($value), fn ($field) => $field !== null);
    return ['$type' => preg_replace('/^Prm/', '', get_class($value))] + array_map(encoded(...), $fields);
}

function usernameToken(array $caller): SoapHeader
{
    $created = $caller['created'] ?? gmdate('Y-m-d\TH:i:s\Z');
    $nonce = random_bytes(16);
    $digest = base64_encode(sha1($nonce . $created . $caller['password'], true));
    $xml = '<w:Security xmlns:w="' . WSS . 'wssecurity-secext-1.0.xsd" xmlns:u="' . WSS . 'wssecurity-utility-1.0.xsd"><w:UsernameToken>'
        . '<w:Username>' . htmlspecialchars($caller['username']) . '</w:Username>'
        . '<w:Password Type="' . WSS . 'username-token-profile-1.0#' . (($caller['digest'] ?? false) ? 'PasswordDigest' : 'PasswordText') . '">'
        . (($caller['digest'] ?? false) ? $digest : htmlspecialchars($caller['password'])) . '</w:Password>'
        . '<w:Nonce>' . base64_encode($nonce) . '</w:Nonce><u:Created>' . $created . '</u:Created></w:UsernameToken></w:Security>';
    return new SoapHeader(WSS . 'wssecurity-secext-1.0.xsd', 'Security', new SoapVar($xml, XSD_ANYXML));
}

function call(array $request): array
{
    ['service' => $service, 'operation' => $operation, 'as' => $caller] = $request;
    $headers = null;
    if (isset($caller['ticket'])) $headers = [new SoapHeader('urn:prm:4.0', 'loginTicket', $caller['ticket'])];
    elseif (isset($caller['username'])) $headers = [usernameToken($caller)];
    try {
        $answer = client($service, $request['version'])->__soapCall($operation, [decoded($request['input'])], null, $headers);
        return ['value' => encoded($answer->{$operation . 'Return'} ?? null)];
    } catch (SoapFault $fault) {
        // SoapClient gives details no class of the WSDL, only the shape
        $name = array_key_first(get_object_vars($fault->detail ?? throw $fault));
        return ['fault' => [
            'name' => $name,
            'code' => $fault->faultcode,
            'text' => $fault->faultstring,
            'detail' => encoded($fault->detail->$name),
        ]];
    }
}

while (($line = fgets(STDIN)) !== false) {
    try {
        $answer = call(json_decode($line, true, flags: JSON_THROW_ON_ERROR));
    } catch (Throwable $error) { // told to the test, which fails of it
        $answer = ['error' => get_class($error) . ': ' . $error->getMessage()];
    }
    echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
}
