import type { MercatorContext } from '../../services.js';

/** Asked for all instances of a request at once, and only where somebody wants to know. */
export function hasTrafficPassword(instanceId: string, context: MercatorContext): Promise<boolean> {
  const { trafficPasswords } = context.services.readers;
  return context.loaders.custom(
    hasTrafficPassword,
    async (ids) => {
      const held = await trafficPasswords.heldBy(ids);
      return ids.map((id) => held.has(id));
    },
    instanceId,
  );
}
