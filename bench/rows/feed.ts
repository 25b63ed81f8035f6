import { join } from 'node:path';
import webhooks from '@octokit/webhooks-examples';
import { hasCode } from 'nightshift';
import type { Write } from '../reference/activities';
import { perSecond } from '../row';
import { sideBySide } from '../sides';

const IN_FLIGHT = 40;
const HANDLED = [
  'push',
  'pull_request',
  'issues',
  'issue_comment',
  'release',
  'star',
  'workflow_run',
  'repository',
  'member',
];

interface Payload {
  readonly action?: string;
  readonly sender?: { login: string; type?: string };
  readonly repository?: { full_name: string; owner?: { login: string }; stargazers_count?: number };
}

const samples = webhooks.flatMap(({ name, examples }) =>
  examples.map((payload) => ({ name, payload: payload })),
);

export const feed = sideBySide(
  join(__dirname, '..', '..', 'examples', 'github', 'app.ts'),
  {
    name: 'feed',
    what: `the ${samples.length} webhooks of npm start, against a workflow that stores the same`,
    unit: 'events/s',
    atLeast: 0.9,
  },
  ({ ours, reference }) => ({
    ours: (round) =>
      perSecond(samples.length, IN_FLIGHT, async (i) => {
        const { name, payload } = samples[i] ?? fail(i);
        const id = `${round}-${i}`;
        const emitted = await ours.client.emit(payload, `github.${name}`, { id });
        await emitted.result().catch((error: unknown) => {
          if (!hasCode(error, 'missing')) throw error;
        });
      }),
    reference: (round) =>
      perSecond(samples.length, IN_FLIGHT, (i) => {
        const { name, payload } = samples[i] ?? fail(i);
        const writes = HANDLED.includes(name) ? writesOf(payload, `${round}-${i}`) : null;
        return reference.execute('delivery', `${round}-${i}`, { name, writes, payload });
      }),
  }),
);

function writesOf({ action, sender, repository }: Payload, id: string): Write[] {
  const people = [sender, repository?.owner].filter((account) => account !== undefined);
  return [
    ...people.map(({ login }) => ({ collection: 'people', key: login, fields: { kind: 'User' } })),
    ...(repository === undefined
      ? []
      : [
          {
            collection: 'repositories',
            key: repository.full_name,
            fields: { stars: repository.stargazers_count ?? 0 },
          },
        ]),
    {
      collection: 'deliveries',
      key: id,
      fields: { action, repository: repository?.full_name, sender: sender?.login },
    },
  ];
}

function fail(i: number): never {
  throw new Error(`No sample ${i}`);
}
