export declare const mysqlUrl: string;
export declare function whyNoMysql(url?: string): Promise<string | undefined>;
