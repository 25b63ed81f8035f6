import type { Health } from '../../../client';
import { messageOf } from '../../shared/errors';
import { version } from '../../version';
import type { Html, Page, PageRequest } from '../page';
import { Ago } from '../parts/text';

/** What is all this connected to? */
export const status: Page = {
  path: '/status',
  async show(request) {
    const { sampler, client, now, role } = request;
    const { health, failure } = await sampler.read().catch((error: unknown) => ({
      health: undefined,
      failure: messageOf(error),
    }));
    return {
      title: 'Status',
      nav: '/status',
      sections: [
        { id: 'failure', content: failure === undefined ? null : <Failure why={failure} /> },
        { id: 'processes', content: <Processes health={health} now={now()} /> },
        { id: 'servers', content: <Servers health={health} app={client.name} role={role} /> },
      ],
    };
  },
};

const Failure = ({ why }: { why: string }): Html => (
  <ul class="panel rows" aria-label="Needs attention">
    <li class="error">
      <i></i>
      <p>
        <b>A server does not answer</b>
        <small>{why} · all below is what it said before</small>
      </p>
    </li>
  </ul>
);

interface Props {
  readonly health: Health | undefined;
}

const Processes = ({ health, now }: Props & { readonly now: number }): Html => (
  <>
    <h2>Worker processes</h2>
    {health === undefined || health.processes.length === 0 ? (
      <p class="panel note">
        {health === undefined ? (
          'Not known: Temporal has not answered yet'
        ) : (
          <span>
            None in the last minutes: events are kept, and wait. Start one:{' '}
            <code>nightshift worker app.ts</code>
          </span>
        )}
      </p>
    ) : (
      <div class="panel">
        <table>
          <thead>
            <tr>
              <th>Process, as its id @ machine</th>
              <th class="n">Last seen</th>
            </tr>
          </thead>
          <tbody>
            {health.processes.map(({ identity, lastSeen }) => (
              <tr>
                <th class="run">
                  <i></i>
                  <span class="id">{identity}</span>
                </th>
                <td class="n">
                  <Ago at={lastSeen} now={now} /> ago
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </>
);

interface ServersProps extends Props {
  readonly app: string;
  readonly role: PageRequest['role'];
}

const Servers = ({ health, app, role }: ServersProps): Html => (
  <>
    <div class="two">
      <div>
        <h2>Temporal</h2>
        <dl class="panel facts">
          <dt>Address</dt>
          <dd>{health?.temporal.address ?? UNKNOWN}</dd>
          <dt>Version</dt>
          <dd>{health?.temporal.version ?? UNKNOWN}</dd>
          <dt>Namespace</dt>
          <dd>{health?.temporal.namespace ?? UNKNOWN}</dd>
          <dt>Task queue</dt>
          <dd>{app}</dd>
        </dl>
      </div>
      <div>
        <h2>MongoDB</h2>
        <dl class="panel facts">
          <dt>Address</dt>
          <dd>{health?.mongodb.address ?? UNKNOWN}</dd>
          <dt>Version</dt>
          <dd>{health?.mongodb.version ?? UNKNOWN}</dd>
          <dt>Server</dt>
          <dd>{health?.mongodb.server ?? UNKNOWN}</dd>
          <dt>Database</dt>
          <dd>{health?.mongodb.database ?? UNKNOWN}</dd>
        </dl>
      </div>
    </div>
    <h2>This dashboard</h2>
    <dl class="panel facts">
      <dt>Nightshift</dt>
      <dd>{version}</dd>
      <dt>App</dt>
      <dd>{app}</dd>
      <dt>You may</dt>
      <dd>{role === 'all' ? 'look and change' : 'look: your token is for reading'}</dd>
    </dl>
  </>
);

const UNKNOWN = 'not known';
