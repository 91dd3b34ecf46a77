import { json, type MaestranoHandler } from './call.js';

/**
 * `GET /version` (spec Maestrano 1.8.6), for anybody: `{"framework":"mercator","framework_version":"1"}`. The version is that
 * of this contract and not of the software, which strangers need not know.
 */
export const version: MaestranoHandler = async () => json(200, { framework: 'mercator', framework_version: '1' });
