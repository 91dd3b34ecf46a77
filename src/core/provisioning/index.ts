export * from './model.js';
export * from './ports.js';
export * from './use-cases/ask-approval.js';
export * from './use-cases/change-lifecycle.js';
export * from './use-cases/configure-instance.js';
export * from './use-cases/decide-approval.js';
export * from './use-cases/provision-instance.js';
export * from './use-cases/remove-member.js';
