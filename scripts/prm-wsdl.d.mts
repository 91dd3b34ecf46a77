export interface PrmContract {
  readonly services: Readonly<
    Record<string, { readonly path: string; readonly operations: readonly { name: string; faults: string[] }[] }>
  >;
}
export declare function readContract(): Promise<PrmContract>;
export declare function generate(contract: PrmContract): Record<string, string>;
