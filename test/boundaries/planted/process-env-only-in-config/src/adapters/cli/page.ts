export const page = process.env.PAGE;
