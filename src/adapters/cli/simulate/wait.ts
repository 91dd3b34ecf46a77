/** Looks until it is so or the time is over, in milliseconds; answers whether it was. */
export async function comesTrue(look: () => boolean | Promise<boolean>, within: number): Promise<boolean> {
  const deadline = performance.now() + within;
  for (;;) {
    if (await look()) return true;
    if (performance.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
