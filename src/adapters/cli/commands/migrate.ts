import type { Command } from 'commander';
import { act, type Cli, type CommandContext } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import type { MigrationsPort } from '../ports.js';

export function addMigrate(root: Command, cli: Cli): void {
  const migrate = root.command('migrate').description('bring the database schema up to date, or look at it');
  act(cli, migrate.command('up').description('apply what is pending'), (context) =>
    withMigrations(context, async ({ up }) => {
      const applied = await up();
      for (const name of applied) context.output.line(`applied ${name}`);
      context.output.line(applied.length === 0 ? 'Nothing was pending.' : `${applied.length} applied.`);
      context.output.answer({ ok: true, applied });
    }),
  );
  act(cli, migrate.command('down').description('take the newest step back, with the data in it'), (context) =>
    withMigrations(context, async ({ down }) => {
      const undone = await down();
      context.output.line(undone === undefined ? 'Nothing is applied.' : `took back ${undone}`);
      context.output.answer({ ok: true, undone: undone ?? null });
    }),
  );
  act(
    cli,
    migrate.command('status').description('what is applied and pending; exit code 1 while something is pending'),
    (context) =>
      withMigrations(context, async ({ status }) => {
        const { applied, pending } = await status();
        for (const name of applied) context.output.line(`applied  ${name}`);
        for (const name of pending) context.output.line(`pending  ${name}`);
        if (pending.length > 0)
          context.output.line('`mercator migrate up` applies what is pending; `mercator start` does it by itself.');
        context.output.answer({ ok: pending.length === 0, applied, pending });
        return pending.length === 0 ? exitCodes.ok : exitCodes.failed;
      }),
  );
}

async function withMigrations<T>(
  { ports }: CommandContext,
  work: (migrations: MigrationsPort) => Promise<T>,
): Promise<T> {
  const { migrations, close } = await ports.openMigrations(ports.readConfig());
  try {
    return await work(migrations);
  } finally {
    await close();
  }
}
