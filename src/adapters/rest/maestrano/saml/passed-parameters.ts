/** What speaks for us or to the identity provider: nobody else may say it. */
const ours = new Set(['samlrequest', 'samlresponse', 'sigalg', 'signature', 'samlencoding', 'relaystate']);

const caps = { parameters: 20, name: 100, value: 1_000 };

/**
 * The parameters a browser came with, to go on unchanged (spec Maestrano 1.4), without hostile ones (1.10): those of SAML itself,
 * control characters, and more or longer ones than anybody needs.
 */
export function passedParameters(query: URLSearchParams): readonly (readonly [name: string, value: string])[] {
  return [...query]
    .filter(([name, value]) => {
      const fits = name !== '' && name.length <= caps.name && value.length <= caps.value;
      return fits && !ours.has(name.trim().toLowerCase()) && !/\p{Cc}/u.test(name + value);
    })
    .slice(0, caps.parameters);
}

export function encodeParameters(parameters: readonly (readonly [string, string])[]): string {
  return parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}
