export * from './check-usage.js';
export * from './model.js';
export * from './ports.js';
export * from './statistic-types.js';
export * from './statistics.js';
export * from './tenure.js';
export * from './use-cases/ingest-usage-records.js';
