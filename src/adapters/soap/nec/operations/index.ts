import type { Operation } from '../context.js';
import { authenticate, changeUserPassword, resetUserPassword } from './passwords.js';
import { ping } from './ping.js';
import { getLicenceUsage, getRealm, getRealmStatus, getUser, getUserStatus, getUsers, listRealms } from './reads.js';
import { createRealm, deleteRealm, modifyRealm, setupRealm, updateRealm } from './realms.js';
import { login, logout, validateSession } from './session.js';
import { disableRealm, disableUser, enableRealm, enableUser, updateRealmStatus, updateUserStatus } from './status.js';
import { createUsers, replaceUsers } from './user-lists.js';
import { createUser, deleteUser, updateUser } from './users.js';

/** The thirty operations of wsdl/nec/NcbsIsvService.wsdl. */
export const operations: Readonly<Record<string, Operation>> = {
  CreateRealm: createRealm,
  SetupRealm: setupRealm,
  CreateUser: createUser,
  CreateUsers: createUsers,
  ModifyRealm: modifyRealm,
  ReplaceUsers: replaceUsers,
  UpdateRealm: updateRealm,
  UpdateUser: updateUser,
  UpdateUserStatus: updateUserStatus,
  UpdateRealmStatus: updateRealmStatus,
  DisableUser: disableUser,
  EnableUser: enableUser,
  DisableRealm: disableRealm,
  EnableRealm: enableRealm,
  DeleteUser: deleteUser,
  DeleteRealm: deleteRealm,
  GetRealm: getRealm,
  GetRealmStatus: getRealmStatus,
  ListRealms: listRealms,
  GetUser: getUser,
  GetUserStatus: getUserStatus,
  GetUsers: getUsers,
  GetLicenceUsage: getLicenceUsage,
  ChangeUserPassword: changeUserPassword,
  ResetUserPassword: resetUserPassword,
  Ping: ping,
  Login: login,
  Logout: logout,
  ValidateSession: validateSession,
  Authenticate: authenticate,
};
