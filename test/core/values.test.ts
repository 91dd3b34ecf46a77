import fc from 'fast-check';
import { encodeBase32, kindOfId } from '../../src/core/shared/ids.js';
import { parseMoney } from '../../src/core/shared/money.js';
import { checkEmail, checkQuantity, checkText, checkUrl, emailKey, keepable } from '../../src/core/shared/text.js';

const refused = expect.objectContaining({ code: 'invalid_value' });

describe('text', () => {
  it.each(['', ' a', 'a ', '\ta', 'a\nb', 'a\u0000', 'x'.repeat(201)])('refuses %j', (value) => {
    expect(() => checkText('name', value)).toThrow(refused);
  });
  it.each(['a\u0085b', 'a\u009b31m', 'a\u2028b', 'a\u202egpj.exe', 'a\u2066b', 'a\ufffe', 'a\uffffb'])(
    'refuses %j, which looks like another',
    (value) => {
      expect(() => checkText('name', value)).toThrow(refused);
    },
  );
  it.each(['שלום', 'a\u200fb', '東京 😀', '../../etc', '%2F', "'; DROP TABLE tenants; --"])(
    'takes %j as it is',
    (value) => {
      expect(checkText('name', value)).toBe(value);
    },
  );
  it('keeps of any text what it accepts, and nothing is lost of what it accepts already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (value) => {
        const kept = keepable(value);
        if (kept !== '') expect(checkText('name', kept, 400)).toBe(kept);
      }),
    );
    for (const value of ['東京 😀', 'a\u200fb']) expect(keepable(value)).toBe(value);
    expect(keepable(' a\u202e\u0000\ud800b\n')).toBe('ab');
  });
  it('changes nothing it accepts', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), (value) => {
        let accepted: string | undefined;
        try {
          accepted = checkText('name', value);
        } catch {}
        if (accepted !== undefined) expect(accepted).toBe(value);
      }),
    );
  });
  it.each(['javascript:alert(1)', '/relative', 'https://user:pw@host/', 'ftp://host/', 'https://'])(
    'refuses the URL %s',
    (url) => {
      expect(() => checkUrl('url', url)).toThrow(refused);
    },
  );
  it.each(['no-at', 'a@b@c', 'a b@c', 'a@', '@b', '<a@b>'])('refuses the address %s', (address) => {
    expect(() => checkEmail('email', address)).toThrow(refused);
  });
  it('compares addresses by lower-cased NFC', () => {
    expect(emailKey('Jose\u0301@Example.COM')).toBe(emailKey('JOSÉ@example.com'));
  });
  it.each([-1, 1.5, Number.NaN, 2_000_000_001])('refuses the quantity %d', (value) => {
    expect(() => checkQuantity('quantity', value)).toThrow(refused);
  });
});

describe('money', () => {
  it('is exact for every 64-bit amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (minor) => {
        expect(parseMoney('price', minor.toString(), 'EUR')).toEqual({ minor, currency: 'EUR' });
      }),
    );
  });
  it.each([
    ['1.5', 'EUR'],
    ['1e3', 'EUR'],
    [' 1', 'EUR'],
    ['9223372036854775808', 'EUR'],
    ['1', 'eur'],
    ['1', 'EURO'],
  ])('refuses %s %s', (amount, currency) => {
    expect(() => parseMoney('price', amount, currency)).toThrow(refused);
  });
});

describe('ids', () => {
  it('keep byte order in text order', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(encodeBase32(a)).toHaveLength(26);
        expect(Math.sign(Buffer.compare(a, b))).toBe(
          encodeBase32(a) < encodeBase32(b) ? -1 : encodeBase32(a) > encodeBase32(b) ? 1 : 0,
        );
      }),
    );
  });
  it('name their kind', () => {
    expect(kindOfId(`usr_${'0'.repeat(26)}`)).toBe('user');
    expect(kindOfId(`xyz_${'0'.repeat(26)}`)).toBeUndefined();
    expect(kindOfId(`usr_${'u'.repeat(26)}`)).toBeUndefined();
    expect(kindOfId('__proto__')).toBeUndefined();
  });
});
