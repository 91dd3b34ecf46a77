export interface IsvAppOptions {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** `whsec_…`, as registered at the hub. */
  readonly webhookSecret?: string;
  /** 0 takes any free one. */
  readonly port?: number;
  readonly host?: string;
  /** How browsers reach it; default `http://localhost:<port>`. */
  readonly appUrl?: string;
  readonly log?: (text: string) => void;
}

export interface IsvApp {
  readonly url: string;
  readonly port: number;
  /** How many people are signed in here. */
  sessionCount(): number;
  /** Logout tokens that were obeyed; `at` is in milliseconds of the epoch. */
  readonly logouts: readonly { readonly sub?: string; readonly sid?: string; readonly at: number }[];
  close(): Promise<void>;
}

/** Starts the application; resolves when it listens. */
export function startIsvApp(options?: IsvAppOptions): Promise<IsvApp>;
