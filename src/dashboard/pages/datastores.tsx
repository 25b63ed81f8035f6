import type { DatastoreInfo, MigrationProgress } from '../../../client';
import { knownDatastores } from '../known-datastores';
import type { Html, Page } from '../page';
import { DatastoreTable } from '../parts/datastore-table';
import { Ago, Count, countText, numberText, pathTo } from '../parts/text';

const MIGRATIONS_MS = 30_000;
/** One that runs is looked at more often. */
const RUNNING_MS = 5000;

/** What is stored where? */
export const datastores: Page = {
  path: '/data',
  async show(request) {
    const { client, memo, now } = request;
    const [known, migrations] = await Promise.all([
      knownDatastores(request),
      memo.read(
        'migrations',
        (list) => (list.some(({ state }) => state === 'running') ? RUNNING_MS : MIGRATIONS_MS),
        () => client.migrations.list(),
      ),
    ]);
    return {
      title: 'Datastores',
      nav: '/data',
      sections: [
        { id: 'datastores', content: <List known={known} /> },
        { id: 'migrations', content: <Migrations migrations={migrations} now={now()} /> },
      ],
    };
  },
};

const EXAMPLE = `export const Users = datastore('Users', { name: t.String, age: t.Int });`;

const List = ({ known }: { known: readonly DatastoreInfo[] }): Html => {
  if (known.length === 0)
    return (
      <div class="panel">
        <p class="note">
          The app has no datastore, or no worker process has served it yet. Define one:
        </p>
        <pre>{EXAMPLE}</pre>
      </div>
    );
  return <DatastoreTable datastores={known} />;
};

const SHAPES = {
  running: 'run',
  paused: 'held',
  done: 'done',
  failed: 'error',
  cancelled: 'log',
} as const;

interface MigrationsProps {
  readonly migrations: readonly MigrationProgress[];
  readonly now: number;
}

/** Absent where none was ever started. */
const Migrations = ({ migrations, now }: MigrationsProps): Html => {
  if (migrations.length === 0) return null;
  return (
    <>
      <h2>Migrations</h2>
      <div class="panel">
        <table>
          <thead>
            <tr>
              <th>Migration</th>
              <th>State</th>
              <th class="n">Copied</th>
              <th class="n">Failed</th>
              <th class="n lo">Left out</th>
              <th class="n lo">Began</th>
            </tr>
          </thead>
          <tbody>
            {migrations.map(({ migration, state, dryRun, copied, leftOut, failed, ...more }) => (
              <tr>
                <th>
                  <a href={pathTo('/operations', 'migration', migration)}>{migration}</a>
                  {dryRun ? <small> dry run</small> : null}
                </th>
                <td>
                  <span class={SHAPES[state]}>
                    <i></i>
                    {state}
                    {state === 'running' ? shareOf(copied + leftOut + failed, more.total) : ''}
                  </span>
                </td>
                <td class="n">{`${numberText(copied)} of ${numberText(more.total)}`}</td>
                <td class={failed > 0 ? 'n error' : 'n'}>
                  <Count of={failed} />
                </td>
                <td class="n lo">
                  <Count of={leftOut} />
                </td>
                <td class="n lo">
                  <Ago at={more.startedAt} now={now} /> ago
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <small>{`${countText(migrations.length, 'migration')}, each as it was started last`}</small>
      </p>
    </>
  );
};

const shareOf = (handled: number, total: number): string =>
  total === 0 ? '' : `, ${Math.floor((handled / total) * 100)} %`;
