export * from './amounts.js';
export * from './cancel-told.js';
export * from './collect.js';
export { channelCollects, collectingProtocols, collects } from './collects.js';
