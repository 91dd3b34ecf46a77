import type { ClientSite } from './seed.js';

/** What `pictureOf` shows when the whole story has been told. */
export function wholePicture({ host, client }: ClientSite): string[] {
  return [
    `provider ${host} (${host})`,
    '. pool UnityDashboard Tabular100+: 2 bought, 0 passed on, 1 held',
    '. pool UnityDesktop Pro: 10 bought, 4 passed on, 0 held',
    '. reseller ent1 (Enterprise <1> & Söhne)',
    `. . ADMIN+AGENT ${client}-desk (${client}-desk)`,
    '. . pool UnityDesktop Pro: 4 bought, 2 passed on, 0 held',
    `. . portalUser ${client}-desk {"timezone":"GMT Standard Time"}`,
    '. . group g1 (First)',
    `. . . AGENT ${client}-desk (${client}-desk)`,
    '. . . Ada Lovelace holds UnityDesktop Pro of First',
    '. . . MEMBER ada@op.example (Ada Lovelace)',
    '. . . mediaStream WebChat {"name":"Chat"}',
    '. . . pool UnityDesktop Pro: 2 bought, 0 passed on, 1 held',
    '. . . queue q1 {"name":"Support & Co"}',
    '. . group g2 (g2)',
    '. . . MEMBER bob@op.example (鈴木)',
    `. . . 鈴木 holds UnityDashboard Tabular100+ of ${host}`,
    `. provider child.${host} (Child)`,
  ];
}

/** The same of the short story. */
export function shortPicture({ host }: ClientSite): string[] {
  return [
    `provider ${host} (${host})`,
    '. pool UnityDashboard Tabular100+: 2 bought, 0 passed on, 1 held',
    '. pool UnityDesktop Pro: 10 bought, 5 passed on, 0 held',
    '. reseller ent1 (ent1)',
    '. . pool UnityDesktop Pro: 5 bought, 3 passed on, 0 held',
    '. . group g1 (First)',
    `. . . Ada <1> & Söhne holds UnityDashboard Tabular100+ of ${host}`,
    '. . . Ada <1> & Söhne holds UnityDesktop Pro of First',
    '. . . MEMBER ada@op.example (Ada <1> & Söhne)',
    '. . . pool UnityDesktop Pro: 3 bought, 0 passed on, 1 held',
  ];
}
