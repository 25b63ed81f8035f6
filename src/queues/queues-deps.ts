import type { Client } from '@temporalio/client';
import type { Redriven } from '../events/redriven';
import type { Held } from './held';
import type { MissingList } from './missing-list';
import type { Rules } from './rules';
import type { ServedHandlers } from './served-handlers';

export interface QueuesDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
  readonly rules: Rules;
  readonly held: Held;
  readonly redriven: Redriven;
  readonly served: ServedHandlers;
  readonly missing: MissingList;
}
