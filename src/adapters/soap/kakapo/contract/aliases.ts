/**
 * Other spellings of parameters, theirs → ours. The first three are mixed in the vendor's document (spec Kakapo 3.1); the others
 * let a Delete be called with the names of the matching Add.
 */
export const parameterAliases: Readonly<Record<string, string>> = {
  loginUsername: 'loginUserName',
  licenseName: 'licenseType',
  serverHostname: 'serverHostName',
  newSystemProviderServerHostName: 'serverHostName',
  newSystemProviderId: 'systemProviderId',
  newUserName: 'portalUserName',
};
