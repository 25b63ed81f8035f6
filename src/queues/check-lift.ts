import { ConflictError } from '../shared/errors';
import { ALL_QUEUES, type Rule, type RuleKind } from '../shared/rules';
import { known } from './known-name';
import type { QueuesDeps } from './queues-deps';
import { heldOf } from './release-held';
import type { Rules } from './rules';

/** A canary must be able to pass: only its own pause lets it. */
export async function checkCanaryCan(
  name: string,
  rule: Rule | undefined,
  rules: Rules,
): Promise<void> {
  if (rule === undefined)
    throw new ConflictError('not_paused', `A canary needs a paused queue; "${name}" is not paused`);
  const other = (await rules.readGate(name)).rules.find(
    ({ kind, on }) => kind !== 'pause' || on !== name,
  );
  if (other === undefined) return;
  throw new ConflictError(
    'still_held',
    `A canary of "${name}" would not run: it is ${heldBy(other)}`,
    { remedies: [`first: ${undoOf(other)}`] },
  );
}

/**
 * Without a rule there is nothing to take off, unless events are held all the same: those of a resume that was ended by
 * hand.
 */
export async function checkLeftBehind(
  name: string,
  kind: RuleKind,
  deps: QueuesDeps,
): Promise<void> {
  const { held, rules } = deps;
  await known(name, deps);
  const [other] = (await rules.readGate(name)).rules;
  if (other === undefined && (await held.count(await heldOf(name, rules))) > 0) return;
  const code = kind === 'pause' ? 'not_paused' : 'not_blocked';
  const what = name === ALL_QUEUES ? 'All queues together are' : `Queue "${name}" is`;
  const message = `${what} not ${DONE[kind]}`;
  if (other === undefined) throw new ConflictError(code, message, { details: { name } });
  throw new ConflictError(code, `${message}, it is ${heldBy(other)}`, {
    details: { name },
    remedies: [undoOf(other)],
  });
}

const DONE = { pause: 'paused', block: 'blocked' } as const;

const heldBy = ({ kind, on }: Rule): string =>
  `${DONE[kind]}${on === ALL_QUEUES ? ' with all queues' : ''}`;

const undoOf = ({ kind, on }: Rule): string =>
  `nightshift ${kind === 'pause' ? 'resume' : 'unblock'} ${on === ALL_QUEUES ? `'${on}'` : on}`;
