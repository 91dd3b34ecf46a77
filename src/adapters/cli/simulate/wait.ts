/** Looks every so many milliseconds until it is so or the time is over; answers whether it was. */
export async function comesTrue(look: () => boolean | Promise<boolean>, within: number, every = 50): Promise<boolean> {
  const deadline = performance.now() + within;
  for (;;) {
    if (await look()) return true;
    if (performance.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
