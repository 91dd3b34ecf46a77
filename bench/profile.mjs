/** Where the CPU of a profile went, by package and by function; shares of the time that was not idle. */
export function profileOf({ nodes, samples, timeDeltas }, top = 14) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map();
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node.id);
  const owners = new Map();
  const packages = new Map();
  const functions = new Map();
  let busy = 0;
  samples.forEach((id, at) => {
    const { callFrame } = byId.get(id);
    if (callFrame.functionName === '(idle)' || isProfiler(callFrame)) return;
    const time = Math.max(0, timeDeltas[at]);
    busy += time;
    const owner = ownerOf(id);
    packages.set(owner, (packages.get(owner) ?? 0) + time);
    const name = `${callFrame.functionName || '(anonymous)'} ${placeOf(callFrame)}`.trim();
    functions.set(name, (functions.get(name) ?? 0) + time);
  });
  const shares = (map) =>
    [...map]
      .sort(([, a], [, b]) => b - a)
      .slice(0, top)
      .map(([name, time]) => ({ name, share: time / busy }));
  return { packages: shares(packages), functions: shares(functions) };

  /** Native code and Node's own is booked to whoever called it. */
  function ownerOf(id) {
    const known = owners.get(id);
    if (known !== undefined) return known;
    const { callFrame } = byId.get(id);
    const own = packageOf(callFrame);
    const parent = parents.get(id);
    let owner = own;
    if (own === undefined) {
      const above = parent === undefined ? undefined : ownerOf(parent);
      owner =
        above === undefined || above === '(other)'
          ? callFrame.url.startsWith('node:')
            ? 'node core'
            : '(other)'
          : above;
    }
    owners.set(id, owner);
    return owner;
  }
}

/** Handing the profile over is no cost of what was profiled. */
const isProfiler = ({ functionName, url }) => functionName === 'dispatch' && url === '';

function packageOf({ functionName, url }) {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'native code and the kernel';
  const installed = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url);
  if (installed) return installed[1];
  const ours = /\/dist\/src\/((?:adapters\/)?[^/]+(?:\/kit)?)/.exec(url);
  if (ours) return `mercator ${ours[1]}`;
  if (url.includes('/bench/')) return 'the handler itself';
  return undefined;
}

function placeOf({ url, lineNumber }) {
  const short = url.replace(/^.*\/node_modules\//, '').replace(/^.*\/(dist|bench)\//, '$1/');
  return short === '' ? '' : `(${short}:${lineNumber + 1})`;
}
