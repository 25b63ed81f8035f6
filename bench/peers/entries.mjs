// What is measured, and what each keeps: facts of the versions in package.json, from their documentation and sources.

const POSTGRES = 'PostgreSQL, each commit on disk';
const WHOLE_JOB_AGAIN = 'The job runs again as a whole, read and upsert';

const nightshift = {
  packages: ['nightshift'],
  durableSteps: 'yes, stored when the task they are part of ends',
  trace: "yes: each step's arguments, result and time; 30 days",
  paused: 'yes: per handler, each event asks at its start; running ones finish',
  missing: 'kept, listed (404), can be redriven once a handler exists',
  sameId: 'accepted once',
  killed:
    'Another try after the 10 s timeout of its task; steps of the broken task run again: the read does, the upsert too, but a write that was made is not made twice',
};

const bullmq = {
  packages: ['bullmq'],
  durableSteps: 'no',
  trace: 'no steps: value or error, attempts and own log lines, as long as the job is kept',
  paused: 'yes: per queue, no worker takes a job; running ones finish',
  missing:
    'a job of a queue without worker waits, unseen; one of an unknown name reaches the handler',
  sameId: 'accepted once while the job is kept',
  killed: `${WHOLE_JOB_AGAIN}, when its 30 s lock has run out and a check, every 30 s, saw it; a second time, it fails`,
};

const dbos = {
  packages: ['@dbos-inc/dbos-sdk'],
  record: POSTGRES,
  durableSteps: 'yes',
  trace: "yes: each step's result and times, until deleted",
  sameId: 'accepted once',
  killed:
    'Goes on when a process of the same executor id and version starts; a finished step is not repeated, one that ended without its result stored is: the upsert may be',
};

/**
 * @typedef {object} Kept
 * @property {string} name
 * @property {string} file in entries/
 * @property {string} [variant]
 * @property {string[]} packages whose versions are told
 * @property {string} record where the record is, and when a write is acknowledged
 * @property {string} settings
 * @property {string} durableSteps
 * @property {string} trace
 * @property {string} paused
 * @property {string} missing
 * @property {string} sameId
 * @property {string} killed
 */

/** @type {readonly Kept[]} */
export const ENTRIES = [
  {
    ...nightshift,
    name: 'Nightshift',
    file: 'nightshift',
    record:
      'MongoDB, each write on disk; events in SQLite, safe from kill -9, not from a power cut',
    settings: 'the servers of `nightshift dev`, as they come',
  },
  {
    ...nightshift,
    name: 'Nightshift, events on disk',
    file: 'nightshift',
    variant: 'full',
    record: 'MongoDB, each write on disk; events in SQLite, each commit on disk',
    settings: 'the same, with `synchronous=FULL` for SQLite',
  },
  {
    name: 'graphile-worker',
    file: 'graphile-worker',
    packages: ['graphile-worker'],
    record: POSTGRES,
    settings:
      '40 jobs at a time, local queue of 41, jobs completed in batches, delay 0 ms; done = end of the handler',
    durableSteps: 'no',
    trace: 'no: a finished job is deleted',
    paused: 'no',
    missing: 'waits, unseen, until a worker knows the task',
    sameId: 'a job key replaces the waiting job',
    killed: `${WHOLE_JOB_AGAIN}, when its lock is 4 hours old (sooner with the paid Worker Pro)`,
  },
  {
    name: 'pg-boss',
    file: 'pg-boss',
    packages: ['pg-boss'],
    record: POSTGRES,
    settings:
      'batches of up to 40, side by side, each job settled for itself; woken by LISTEN/NOTIFY; done = end of the handler',
    durableSteps: 'no (handler and completion can share one transaction)',
    trace: 'no steps: value or error and times of the job, 7 days',
    paused: 'no',
    missing: 'refused: the queue must exist; without worker it waits',
    sameId: 'accepted once while the job is kept',
    killed: `${WHOLE_JOB_AGAIN}, when it expires after 15 minutes (sooner with heartbeats); in one transaction, the upsert was undone`,
  },
  {
    ...bullmq,
    name: 'BullMQ, log every second',
    file: 'bullmq',
    variant: 'everysec',
    record: 'Redis, `appendfsync everysec`: a power cut may lose the last second',
    settings: 'concurrency 40; the last 1,000 jobs are kept',
  },
  {
    ...bullmq,
    name: 'BullMQ, log on disk',
    file: 'bullmq',
    variant: 'always',
    record: 'Redis, `appendfsync always`: each write on disk',
    settings: 'the same',
  },
  {
    name: 'Restate',
    file: 'restate',
    packages: ['@restatedev/restate-sdk'],
    record: 'state of a virtual object, in its server; the log is forced to the disk',
    settings: 'the server as it comes; one call with an idempotency key emits and waits',
    durableSteps: 'yes',
    trace: 'yes: the journal, 1 day',
    paused: 'single invocations, not a handler',
    missing: 'refused: 404 for the caller, not kept',
    sameId: 'accepted once within 1 day',
    killed:
      'Tried again from half a second on, by any process that serves the handler, from the journal: a stored read or upsert is not repeated',
  },
  {
    ...dbos,
    name: 'DBOS, started directly',
    file: 'dbos',
    variant: 'direct',
    settings: 'run by the process that emits, which has the result in memory',
    paused: 'no',
    missing: 'cannot be: the caller has the function',
  },
  {
    ...dbos,
    name: 'DBOS, by a queue',
    file: 'dbos',
    variant: 'queue',
    settings: '40 at a time; queue and result are looked at every 10 ms (default 1 s)',
    paused: 'no',
    missing: 'is taken and stays pending; an error in the log',
  },
];
