/** One call as the request inspector shows it. Texts are shortened and secrets masked. */
export interface SoapRecord {
  readonly service: string;
  readonly requestId: string;
  readonly address: string;
  readonly duration: number;
  /** '' when the message never got that far. */
  readonly operation: string;
  readonly status: number;
  readonly request: string;
  readonly response: string;
}

const longest = 16_384;
const waiting = 1_000;
const secretNames =
  '(?!UsernameToken\\b|SecurityTokenReference\\b|BinarySecurityToken\\b)[\\w.-]*(?:password|passwd|secret|nonce|token|ticket|authorization)[\\w.-]*';

/** A function that blanks the content of elements, and the value of attributes, whose names sound secret or are listed. */
export function masker(extra: readonly string[]): (text: string) => string {
  const listed = extra.map((name) => name.replace(/[^\w.-]/g, ''));
  const names = [secretNames, ...listed].join('|');
  const element = new RegExp(`<((?:[\\w.-]+:)?(?:${names}))(\\s[^<>]*)?>(?!\\s*</\\1)[\\s\\S]*?(?:</\\1\\s*>|$)`, 'gi');
  // few messages hold a secret, and looking for a word is much cheaper than looking for an element
  const word = new RegExp(['password|passwd|secret|nonce|token|ticket|authorization', ...listed].join('|'), 'i');
  const attribute = new RegExp(`(\\s(?:[\\w.-]+:)?(?:${names})\\s*=\\s*)(?:"[^"]*"?|'[^']*'?)`, 'gi');
  return (text) =>
    word.test(text)
      ? text
          .replace(element, (whole, name: string, attributes: string | undefined) =>
            attributes?.endsWith('/') === true ? whole : `<${name}${attributes ?? ''}>***</${name}>`,
          )
          .replace(attribute, '$1"***"')
      : text;
}

export interface Observer {
  push(record: SoapRecord): void;
  /** Records dropped because the inspector did not keep up. */
  readonly dropped: number;
}

/** Hands records to `observe` outside of the call that made them: bounded, masked, and never a reason to fail. */
export function createObserver(
  observe: (record: SoapRecord) => void | Promise<void>,
  secretElements: readonly string[],
): Observer {
  const mask = masker(secretElements);
  const queue: SoapRecord[] = [];
  let scheduled = false;
  let dropped = 0;

  async function drain(): Promise<void> {
    for (let record = queue.shift(); record !== undefined; record = queue.shift()) {
      try {
        const kept = observe({ ...record, request: shown(record.request), response: shown(record.response) });
        if (kept !== undefined) await kept;
      } catch {
        dropped += 1;
      }
    }
    scheduled = false;
  }

  function shown(text: string): string {
    const masked = mask(text.slice(0, longest));
    return text.length > longest ? `${masked}...` : masked;
  }

  return {
    push(record) {
      if (queue.length >= waiting) {
        dropped += 1;
        return;
      }
      queue.push(record);
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => void drain());
    },
    get dropped() {
      return dropped;
    },
  };
}
