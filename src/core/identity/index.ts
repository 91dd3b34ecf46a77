export * from './model.js';
export * from './ports.js';
export * from './use-cases/end-sessions.js';
