export type Hook = number;
