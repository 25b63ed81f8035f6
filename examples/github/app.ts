// An app that takes GitHub's webhooks: every delivery is an event named `github.<name>`.
import { cron, datastore, DB, type EventInfo, type RecordOf, t, worker } from 'nightshift';

/** By login. */
export const People = datastore('People', { kind: t.String, url: t.String });

/** By full name, e.g. `octocat/hello`. */
export const Repositories = datastore('Repositories', {
  owner: t.String, // a key of People
  private: t.Bool,
  stars: t.Int,
  topics: t.List(t.String),
  createdAt: t.optional(t.Date),
});

/** By the id of the event, so that a delivery which comes twice is one record. */
export const Deliveries = datastore('Deliveries', {
  event: t.String,
  action: t.optional(t.String),
  repository: t.optional(t.String), // a key of Repositories
  sender: t.optional(t.String), // a key of People
  summary: t.String,
  receivedAt: t.Date,
});

/** What the cron counts, under the one key `all`. */
export const Totals = datastore('Totals', {
  deliveries: t.Int,
  repositories: t.Int,
  people: t.Int,
  byEvent: t.Dict(t.Int),
  countedAt: t.Date,
});

/** The parts of a webhook's payload that are used here. Not a schema: GitHub adds fields when it likes. */
interface Payload {
  action?: string;
  sender?: Account;
  repository?: Repository;
}
interface Account {
  login: string;
  type?: string;
  html_url?: string;
}
interface Repository {
  full_name: string;
  private?: boolean;
  stargazers_count?: number;
  topics?: string[];
  created_at?: string | number;
  owner?: Account;
}
interface Titled {
  number?: number;
  title?: string;
}

export const push = worker(
  'github.push',
  (event: Payload & { ref: string; commits?: unknown[] }, info) =>
    record(event, info, `${event.commits?.length ?? 0} commits to ${event.ref}`),
);

export const pullRequest = worker(
  'github.pull_request',
  (event: Payload & { pull_request: Titled }, info) =>
    record(event, info, titled(event.pull_request)),
);

export const issues = worker('github.issues', (event: Payload & { issue: Titled }, info) =>
  record(event, info, titled(event.issue)),
);

export const issueComment = worker(
  'github.issue_comment',
  (event: Payload & { issue: Titled; comment: { body: string } }, info) =>
    record(event, info, `${titled(event.issue)}: ${event.comment.body.slice(0, 80)}`),
);

export const release = worker(
  'github.release',
  (event: Payload & { release: { tag_name: string } }, info) =>
    record(event, info, event.release.tag_name),
);

export const star = worker('github.star', (event: Payload, info) =>
  record(event, info, `${event.repository?.stargazers_count ?? 0} stars`),
);

export const workflowRun = worker(
  'github.workflow_run',
  (event: Payload & { workflow_run: { name?: string | null; conclusion: string | null } }, info) =>
    record(
      event,
      info,
      `${event.workflow_run.name ?? 'workflow'}: ${event.workflow_run.conclusion ?? 'running'}`,
    ),
);

export const repository = worker('github.repository', (event: Payload, info) =>
  record(event, info, event.repository?.full_name ?? ''),
);

export const member = worker('github.member', (event: Payload & { member: Account | null }, info) =>
  record(event, info, event.member?.login ?? ''),
);

export const count = cron('github.count', 'Hourly', async () => {
  const [deliveries, repositories, people] = await Promise.all([
    DB.getAll(Deliveries),
    DB.count(Repositories),
    DB.count(People),
  ]);
  const byEvent: Record<string, number> = {};
  for (const { event } of deliveries) byEvent[event] = (byEvent[event] ?? 0) + 1;
  const totals = {
    deliveries: deliveries.length,
    repositories,
    people,
    byEvent,
    countedAt: new Date(),
  };
  return DB.set(totals, 'all', Totals);
});

/** Stores who did what where. The steps do not need each other, so they run side by side. */
async function record(event: Payload, info: EventInfo, summary: string): Promise<string> {
  const { sender, repository, action } = event;
  const people = [sender, repository?.owner].filter((account) => account !== undefined);
  await Promise.all([
    ...people.map((account) => DB.set(personOf(account), account.login, People)),
    ...(repository === undefined
      ? []
      : [DB.set(repositoryOf(repository), repository.full_name, Repositories)]),
    DB.set(
      {
        event: info.handler,
        action,
        repository: repository?.full_name,
        sender: sender?.login,
        summary,
        receivedAt: info.emittedAt,
      },
      info.id,
      Deliveries,
    ),
  ]);
  return summary;
}

function personOf({ type = 'User', html_url = '' }: Account): RecordOf<typeof People> {
  return { kind: type, url: html_url };
}

function repositoryOf(repository: Repository): RecordOf<typeof Repositories> {
  const { created_at: created } = repository;
  return {
    owner: repository.owner?.login ?? repository.full_name.split('/')[0] ?? '',
    private: repository.private ?? false,
    stars: repository.stargazers_count ?? 0,
    topics: repository.topics ?? [],
    // seconds in a push, a text everywhere else
    createdAt:
      created === undefined
        ? null
        : new Date(typeof created === 'number' ? created * 1000 : created),
  };
}

function titled({ number, title }: Titled): string {
  return `#${number ?? '?'} ${title ?? ''}`;
}
