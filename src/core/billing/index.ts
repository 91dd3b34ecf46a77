export * from './model.js';
export * from './period.js';
export * from './ports.js';
export * from './use-cases/change-purchase.js';
export * from './use-cases/change-subscription.js';
export * from './use-cases/open-subscription.js';
export * from './use-cases/run-due-change.js';
export * from './use-cases/schedule-change.js';
