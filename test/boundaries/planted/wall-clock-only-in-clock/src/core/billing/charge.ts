export const charge = Date.now();
