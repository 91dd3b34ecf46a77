export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { min: sorted[0], median, max: sorted.at(-1) };
}

/** Ratios of one variant to another of the same round, by requests and by CPU per request; above 1 = faster, cheaper. */
export function ratios(variant, base) {
  return {
    byRequests: spread(variant.map((round, at) => round.perSecond / base[at].perSecond)),
    byCpu: spread(variant.map((round, at) => base[at].cpuPerRequest / round.cpuPerRequest)),
  };
}
