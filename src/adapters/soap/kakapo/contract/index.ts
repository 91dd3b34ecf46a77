export { parameterAliases } from './aliases.js';
export { answers } from './answers.js';
export type { AnswerContract, AnswerField, OperationContract, Parameter, ValueType } from './model.js';
export { operations } from './operations.js';
