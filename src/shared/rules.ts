/** `pause` is a user's rule, `block` an administrator's. Both may stand on one queue; then it shows as blocked. */
export type RuleKind = 'pause' | 'block';

/** What a queue does: block wins where both rules stand. */
export type QueueState = 'run' | RuleKind;

/** The name that a rule on all queues goes by. */
export const ALL_QUEUES = '*';

/** Why the events of a queue wait. */
export interface Rule {
  readonly kind: RuleKind;
  /** The handler whose queue it is on, or `*`: all of them. */
  readonly on: string;
  readonly reason?: string;
  /** Who made it. */
  readonly by?: string;
  readonly at: Date;
}

/** What was done to a rule. */
export type RuleAction = 'pause' | 'resume' | 'block' | 'unblock' | 'canary' | 'canary failed';

/** One line of a queue's history. */
export interface RuleChange {
  readonly action: RuleAction;
  readonly reason?: string;
  readonly by?: string;
  readonly at: Date;
}

/** What a queue with these rules does. */
export function stateOf(rules: readonly Pick<Rule, 'kind'>[]): QueueState {
  if (rules.some(({ kind }) => kind === 'block')) return 'block';
  return rules.length > 0 ? 'pause' : 'run';
}
