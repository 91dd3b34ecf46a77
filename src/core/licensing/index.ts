export * from './model.js';
export * from './ports.js';
export * from './use-cases/assign-license.js';
export * from './use-cases/move-license.js';
export * from './use-cases/release-license.js';
export * from './use-cases/set-pool-quantity.js';
