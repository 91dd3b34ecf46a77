import { store } from '../../persistence/store.js';
export const page = store;
