/** Where the measured commands leave rows. */
export const writtenTables = [
  'users',
  'user_emails',
  'memberships',
  'licenses',
  'external_refs',
  'channel_records',
  'active_spans',
  'revocations',
  'inbox',
  'journal_entries',
  'journal_payloads',
  'outbox_events',
];
