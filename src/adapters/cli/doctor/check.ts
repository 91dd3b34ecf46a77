/** What one look found. A skipped check says why it could not be made. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
  /** What to do about a failure. */
  readonly hint?: string;
}

export function ok(name: string, detail: string): Finding {
  return { name, state: 'ok', detail };
}

export function failed(name: string, detail: string, hint: string): Finding {
  return { name, state: 'failed', detail, hint };
}

export function skipped(name: string, detail: string): Finding {
  return { name, state: 'skipped', detail };
}
