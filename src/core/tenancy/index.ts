export * from './model.js';
export * from './ports.js';
export * from './reach.js';
export * from './use-cases/create-tenant.js';
export * from './use-cases/update-tenant.js';
