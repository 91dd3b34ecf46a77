export * from './ports.js';
export * from './usability.js';
