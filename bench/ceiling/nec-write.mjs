export const updateUserStatus = undefined;
