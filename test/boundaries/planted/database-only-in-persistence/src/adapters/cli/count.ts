import { DataSource } from 'typeorm';
export const count = DataSource;
