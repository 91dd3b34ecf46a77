export * from './model.js';
export * from './ports.js';
export * from './use-cases/allow-erasure.js';
export * from './use-cases/allow-unpark.js';
