export * from './model.js';
export * from './ports.js';
export * from './use-cases/add-license-type.js';
export * from './use-cases/authorize-application.js';
export * from './use-cases/define-application.js';
export * from './use-cases/define-plan.js';
export * from './use-cases/update-application.js';
export * from './use-cases/update-plan.js';
