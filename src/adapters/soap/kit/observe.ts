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
const secretWords = 'password|passwd|secret|nonce|token|ticket|authorization';
/** Sound secret and hold what is looked for when a call went wrong; their own children are judged by themselves. */
const open = ['usernametoken', 'securitytokenreference', 'binarysecuritytoken'];
const tag = /<([\w.:-]+)(\s[^<>]*)?>/g;
const knownNames = 1_000;

/** A function that blanks the content of elements, and the value of attributes, whose names sound secret or are listed. */
export function masker(extra: readonly string[]): (text: string) => string {
  const listed = extra.map((name) => name.replace(/[^\w.-]/g, ''));
  const sounds = new RegExp(secretWords, 'i');
  const isListed = new RegExp(`^(?:${listed.join('|')})$`, 'i');
  // few messages hold a secret, and looking for a word is much cheaper than looking for an element
  const word = new RegExp([secretWords, ...listed].join('|'), 'i');
  const name = `[\\w.-]*(?:${secretWords})[\\w.-]*${listed.map((one) => `|${one}`).join('')}`;
  const attribute = new RegExp(`(\\s(?:[\\w.-]+:)?(?:${name})\\s*=\\s*)(?:"[^"]*"?|'[^']*'?)`, 'gi');
  const judged = new Map<string, RegExp | null>();

  /** What ends the element when its content is secret; null when it is not. */
  function closingOf(qualified: string): RegExp | null {
    const known = judged.get(qualified);
    if (known !== undefined) return known;
    const local = qualified.slice(qualified.indexOf(':') + 1);
    const secret =
      (sounds.test(local) && !open.includes(local.toLowerCase())) || (listed.length > 0 && isListed.test(local));
    const closing = secret ? new RegExp(`</${qualified.replaceAll('.', '\\.')}\\s*>`, 'gi') : null;
    if (judged.size >= knownNames) judged.clear();
    judged.set(qualified, closing);
    return closing;
  }

  return (text) => {
    if (!word.test(text)) return text;
    let masked = '';
    let kept = 0;
    tag.lastIndex = 0;
    for (let found = tag.exec(text); found !== null; found = tag.exec(text)) {
      const [whole, qualified = '', attributes = ''] = found;
      if (attributes !== '' && word.test(attributes)) {
        masked += text.slice(kept, found.index) + whole.replace(attribute, '$1"***"');
        kept = tag.lastIndex;
      }
      const closing = closingOf(qualified);
      if (closing === null || attributes.endsWith('/') || whole.endsWith('/>')) continue;
      closing.lastIndex = contentFrom(text, tag.lastIndex);
      const end = closing.exec(text)?.index ?? text.length;
      if (text.slice(tag.lastIndex, end).trim() === '') continue;
      masked += `${text.slice(kept, tag.lastIndex)}***${end === text.length ? `</${qualified}>` : ''}`;
      kept = end;
      tag.lastIndex = end;
    }
    return masked + text.slice(kept);
  };
}

/** Past a CDATA section, in which a closing tag closes nothing. */
function contentFrom(text: string, start: number): number {
  if (!text.startsWith('<![CDATA[', start)) return start;
  const end = text.indexOf(']]>', start);
  return end === -1 ? text.length : end;
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
