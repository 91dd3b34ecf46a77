export const answerGraphql = undefined;
