import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { z } from 'zod';
import { decryptHistory } from '../connections/decrypt-history';
import { InvalidInputError } from '../shared/errors';
import { toPlainJson } from '../shared/shown-args';
import type { AttemptTrace } from './trace';

/** Changes when a file of an older version can no longer be read. */
export const TRACE_FORMAT = 1;

/** A trace as a file, from which a test replays it. */
export interface SavedTrace {
  readonly format: typeof TRACE_FORMAT;
  readonly id: string;
  readonly handler: string;
  readonly app: string;
  /** One for each run of the event, oldest first. */
  readonly runs: readonly SavedRun[];
}

export interface SavedRun {
  readonly attempt: number;
  readonly expected: ExpectedRun;
  /** Temporal's history of the run, in its own JSON form: `temporal workflow show --output json` has the same. */
  readonly history: unknown;
}

/** What a replay is compared with, as plain JSON. */
export interface ExpectedRun {
  /** Without arguments if they were not known when it was saved. */
  readonly steps: readonly { readonly name: string; readonly args?: unknown }[];
  readonly value?: unknown;
  readonly error?: { readonly type: string; readonly message: string };
  /** False for a run that had not ended. */
  readonly ended: boolean;
}

export async function saveRun(
  client: Client,
  workflowId: string,
  { attempt, runId, steps, value, error, endedAt }: AttemptTrace,
): Promise<SavedRun> {
  const stored = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const history = await decryptHistory(stored, client);
  const expected: ExpectedRun = {
    steps: steps.map(({ name, args }) => ({ name, ...(args === undefined ? {} : { args }) })),
    ...(value === undefined ? {} : { value }),
    ...(error === undefined ? {} : { error: { type: error.type, message: error.message } }),
    ended: endedAt !== undefined,
  };
  return {
    attempt,
    expected: toPlainJson(expected) as ExpectedRun,
    history: withoutSecrets(JSON.parse(historyToJSON(history))),
  };
}

/** Of no use to a replay, and they tell of the machine: its name, and where files lie on it. */
const MACHINES_OWN = ['identity', 'stackTrace'];

/** A fixture is kept in a repository: no hash of a password goes into it, and nothing of a machine. */
function withoutSecrets(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutSecrets);
  if (typeof json !== 'object' || json === null) return json;
  const { data, metadata } = json as { data?: unknown; metadata?: unknown };
  if (typeof data === 'string' && metadata !== undefined) {
    const text = Buffer.from(data, 'base64').toString('utf8');
    const hidden = text.replace(/("\$password":)"[^"]*"/g, '$1"<password>"');
    if (hidden !== text) return { ...json, data: Buffer.from(hidden).toString('base64') };
  }
  return Object.fromEntries(
    Object.entries(json).map(([k, v]) => [k, MACHINES_OWN.includes(k) ? '' : withoutSecrets(v)]),
  );
}

/** `sendWelcome.signup-1.json`, without what a file system would not take. */
export function fileNameOf({ handler, id }: Pick<SavedTrace, 'handler' | 'id'>): string {
  const safe = (text: string): string => text.replace(/[^\w.-]+/g, '_').slice(0, 100);
  return `${safe(handler)}.${safe(id)}.json`;
}

/** @throws {InvalidInputError} code `trace_invalid` */
export function parseSavedTrace(text: string, file: string): SavedTrace {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError('trace_invalid', `${file} is no saved trace: it is no JSON`, {
      cause: error,
    });
  }
  const { format } = (parsed ?? {}) as Partial<SavedTrace>;
  if (format !== TRACE_FORMAT) {
    throw new InvalidInputError(
      'trace_invalid',
      format === undefined
        ? `${file} is no saved trace`
        : `${file} has format ${JSON.stringify(format)}; this version of nightshift reads format ${TRACE_FORMAT}`,
      { remedies: ['save it again with: nightshift trace save <id>'] },
    );
  }
  const { data, error } = savedTrace.safeParse(parsed);
  if (data !== undefined) return parsed as SavedTrace;
  const [issue] = error.issues;
  throw new InvalidInputError(
    'trace_invalid',
    `${file} is no saved trace: ${issue?.path.join('.')}: ${issue?.message}`,
    { remedies: ['save it again with: nightshift trace save <id>'] },
  );
}

/** What whoever reads a trace relies on. Values and histories are looked at where they are used. */
const savedTrace = z.object({
  id: z.string(),
  handler: z.string(),
  app: z.string(),
  runs: z
    .array(
      z.object({
        attempt: z.number(),
        expected: z.object({
          steps: z.array(z.object({ name: z.string() })),
          error: z.object({ type: z.string(), message: z.string() }).optional(),
          ended: z.boolean(),
        }),
        history: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1, 'it has none'),
});
