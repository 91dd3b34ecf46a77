/** The one resource of a group there is one of. */
export const company = 'company';

/** Collections of the public sandbox (spec Maestrano 1.8.1), as data. */
export const collections: ReadonlySet<string> = new Set([
  ...['accounts', 'invoices', 'sales_orders', 'purchase_orders', 'quotes', 'payments', 'stock_adjustments', 'journals'],
  ...['items', 'organizations', 'people', 'projects', 'tax_codes', 'tax_rates', 'warehouses', 'events', 'venues'],
  ...['event_orders', 'work_locations', 'pay_items', 'employees', 'pay_schedules', 'time_sheets', 'time_activities'],
  ...['pay_runs', 'pay_stubs', 'leave_applications', 'transaction_logs', 'connector_syncs', 'opportunities', 'leads'],
]);
