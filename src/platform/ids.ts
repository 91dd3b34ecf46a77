import { randomFillSync } from 'node:crypto';
import { type Clock, toMilliseconds } from '../core/shared/clock.js';
import { encodeBase32, type Ids, idPrefixes } from '../core/shared/ids.js';

const counterLimit = 0x1000; // the 12 bits after the version are a counter (RFC 9562, 6.2 method 1)

/**
 * Ids of UUIDv7: 48 bits of milliseconds, a 12-bit counter, 62 random bits. Within one process every id is greater than
 * the one before it, also when the clock stands still or steps back.
 */
export function createIds(clock: Clock): Ids {
  const random = Buffer.alloc(8 * 512);
  let used = random.length;
  let millisecond = 0;
  let counter = 0;

  function randomBytes(): Buffer {
    if (used === random.length) {
      randomFillSync(random);
      used = 0;
    }
    used += 8;
    return random.subarray(used - 8, used);
  }

  function step(start: number): void {
    const now = toMilliseconds(clock.now());
    if (now > millisecond) {
      millisecond = now;
      counter = start; // from the lower half, so that a burst within one millisecond has room
    } else if (++counter === counterLimit) {
      millisecond += 1;
      counter = 0;
    }
  }

  return {
    next(kind) {
      const bytes = new Uint8Array(16);
      const noise = randomBytes();
      step(noise.readUInt16BE(0) & 0x7ff);
      bytes.set(noise, 8);
      const view = new DataView(bytes.buffer);
      view.setUint16(0, Math.floor(millisecond / 0x1_0000_0000));
      view.setUint32(2, millisecond >>> 0);
      view.setUint16(6, 0x7000 | counter);
      view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
      return `${idPrefixes[kind]}_${encodeBase32(bytes)}`;
    },
  };
}
