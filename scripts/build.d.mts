export interface BuildResult {
  compiled: number;
  copied: number;
  removed: number;
  unchanged: number;
  milliseconds: number;
}
export interface BuildReport {
  progress(done: number, total: number): void;
  finish(result: BuildResult): void;
  note(text: string): void;
}
export declare const projectRoot: string;
export declare class BuildError extends Error {}
export declare function build(options?: {
  root?: string;
  force?: boolean;
  onProgress?: (done: number, total: number) => void;
}): Promise<BuildResult>;
export declare function isStale(root?: string): Promise<boolean>;
export declare function ensureBuilt(options?: { root?: string; report?: BuildReport }): Promise<void>;
export declare function buildReporter(stream?: NodeJS.WriteStream): BuildReport;
