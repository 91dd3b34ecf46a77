import { shownRequest } from '../../../src/adapters/rest/maestrano/host/record.js';

describe('a call as the request inspector shows it', () => {
  const shown = (body: string, type = 'application/json') =>
    shownRequest('POST', '/maestrano/connec/notifications', type, Buffer.from(body)).split('\n\n')[1];

  it('shows no value whose name sounds like a secret, also one that is cut', () => {
    const people = '{"people":[{"first_name":"Ada","list":["token","b"],"email":"ada@doe.example"}]}';
    expect(shown(people)).toBe(people);
    expect(shown('{"password":"p\\"q","in":{"api_token" : "zz"},"Client_Secret":"cut')).toBe(
      '{"password":"***","in":{"api_token" : "***"},"Client_Secret":"***"',
    );
    expect(shown('SAMLResponse=abc&commit=Go&access_token=x', 'application/x-www-form-urlencoded')).toBe(
      'SAMLResponse=***&commit=Go&access_token=***',
    );
  });

  it('shows no more than anybody reads, of a form neither', () => {
    const many = shown('a&'.repeat(200_000), 'application/x-www-form-urlencoded');
    expect(many?.length).toBeLessThan(17_000);
    expect(shown(`"${'token'.repeat(80_000)}`)?.length).toBeLessThan(17_000);
  });
});
