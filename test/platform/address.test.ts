import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalAddress,
  clientAddress,
  isLoopback,
  isPublicAddress,
  isSecure,
  parseAddressList,
} from '../../src/platform/address.js';

const peer = (remoteAddress: string, headers: Record<string, string> = {}) => ({ socket: { remoteAddress }, headers });

describe('addresses', () => {
  it.each([
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:0a00:0001', '10.0.0.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
  ])('%s has the one spelling %s', (text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });

  it.each([
    '0x7f.1',
    '127.1',
    '010.0.0.1',
    '2130706433',
    '1.2.3.4.5',
    '1.2.3.256',
    ' 1.2.3.4',
    '',
    'localhost',
    '1.2.3.4/8',
  ])('"%s" is no plain address', (text) => expect(canonicalAddress(text)).toBeUndefined());

  it('matches lists in both families, and IPv4 in IPv6 clothes as IPv4', () => {
    const list = parseAddressList(['10.0.0.0/8', '192.168.1.7', '2001:db8::/32', '::ffff:172.16.0.0/108']);
    for (const inside of ['10.255.0.1', '::ffff:10.1.1.1', '192.168.1.7', '2001:db8::9', '172.16.3.4']) {
      expect([inside, list.contains(inside)]).toEqual([inside, true]);
    }
    for (const outside of ['11.0.0.1', '192.168.1.8', '2001:db9::', '0x0a.0.0.1', 'nonsense', '']) {
      expect([outside, list.contains(outside)]).toEqual([outside, false]);
    }
    expect(parseAddressList([]).contains('127.0.0.1')).toBe(false);
    for (const bad of ['10.0.0.0/33', '10.0.0.0/x', '10.0.0/8', '::/129', 'host', '10.0.0.0/8/8', '10.0.0.0/']) {
      expect(() => parseAddressList([bad])).toThrow(bad);
    }
  });

  it('matches the addresses of a block and no other', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (network, address, bits) => {
        const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
        const size = 2 ** (32 - bits);
        const same = Math.floor(number(network) / size) === Math.floor(number(address) / size);
        expect(parseAddressList([`${network}/${bits}`]).contains(address)).toBe(same);
        expect(parseAddressList([`${network}/${bits}`]).contains(`::ffff:${address}`)).toBe(same);
      }),
    );
  });
});

describe('the client behind proxies', () => {
  const trusted = parseAddressList(['10.0.0.0/8', '127.0.0.1']);

  it('is the peer when the peer is no proxy, whatever the header says', () => {
    expect(clientAddress(peer('203.0.113.9', { 'x-forwarded-for': '127.0.0.1' }), trusted)).toBe('203.0.113.9');
    expect(clientAddress(peer('127.0.0.1', { 'x-forwarded-for': '1.1.1.1' }), parseAddressList([]))).toBe('127.0.0.1');
  });

  it('is the right-most hop that is no proxy', () => {
    const header = { 'x-forwarded-for': '127.0.0.1, 198.51.100.7, 10.1.1.1' };
    expect(clientAddress(peer('10.0.0.1', header), trusted)).toBe('198.51.100.7');
    expect(clientAddress(peer('::ffff:10.0.0.1', header), trusted)).toBe('198.51.100.7');
  });

  it.each([
    ['198.51.100.7:5123', '198.51.100.7'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['unknown', 'unknown'],
    ['0x7f.0.0.1', 'unknown'],
    ['', '10.0.0.1'],
  ])('reads the hop "%s" as %s', (hop, expected) => {
    expect(clientAddress(peer('10.0.0.1', { 'x-forwarded-for': hop }), trusted)).toBe(expected);
  });

  it('never answers an address only the client claims', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), { maxLength: 6 }), (claimed) => {
        const header = { 'x-forwarded-for': [...claimed, '203.0.113.5'].join(', ') };
        expect(clientAddress(peer('10.0.0.1', header), trusted)).toBe('203.0.113.5');
      }),
    );
  });

  it('speaks securely through https at a proxy, or on this machine', () => {
    expect(isSecure(peer('10.0.0.1', { 'x-forwarded-proto': 'https' }), trusted)).toBe(true);
    expect(isSecure(peer('10.0.0.1', { 'x-forwarded-proto': 'https, http' }), trusted)).toBe(false);
    expect(isSecure(peer('10.0.0.1'), trusted)).toBe(false);
    expect(isSecure(peer('203.0.113.9', { 'x-forwarded-proto': 'https' }), trusted)).toBe(false);
    expect(isSecure(peer('::1'), trusted)).toBe(true);
    expect(isSecure(peer('127.0.0.1', { 'x-forwarded-proto': 'http' }), trusted)).toBe(false);
  });
});

describe('special-use addresses', () => {
  const special = [
    '0.0.0.0', '10.0.0.1', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255',
    '192.0.0.1', '192.0.2.1', '192.168.0.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1',
    '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:169.254.169.254', '::127.0.0.1',
    '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001:db8::1', '2001::1', '2002:7f00:1::', 'fc00::1', 'fd12::1', 'fe80::1',
    'fec0::1', 'ff02::1', '3fff::1', '5f00::1', '4000::1',
  ]; // biome-ignore format: one address a line would hide which kinds are there
  it.each(special)('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it('knows every private block, address by address', () => {
    const block = fc.constantFrom(
      '10.a.b.c',
      '192.168.a.b',
      '127.a.b.c',
      '169.254.a.b',
      '172.16.a.b',
      '172.31.a.b',
      '100.127.a.b',
    );
    fc.assert(
      fc.property(block, fc.nat(255), fc.nat(255), fc.nat(255), (pattern, a, b, c) => {
        const text = pattern.replace('a', `${a}`).replace('b', `${b}`).replace('c', `${c}`);
        expect(isPublicAddress(text)).toBe(false);
        expect(isPublicAddress(`::ffff:${text}`)).toBe(false);
      }),
    );
  });

  it('knows loopback in every plain form', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['10.0.0.1', 'localhost', ''].map(isLoopback)).toEqual([false, false, false]);
  });
});
