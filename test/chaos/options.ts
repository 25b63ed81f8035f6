import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from './plan';

export interface ChaosOptions {
  readonly seed: number;
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  readonly longestMs: number;
  /** Keeps the run's folder, with data and logs. */
  readonly keep: boolean;
}

export const USAGE = `npm run chaos -- [options]

  --seed <number>       the same faults as in an earlier run; default: a new one, which is printed
  --faults <number>     how many; default 100
  --only <kinds>        only these kinds, or those that begin so, with commas between: ${FAULT_KINDS.join(', ')}
  --longest <seconds>   the longest that a fault lasts; default 60
  --keep                keep the run's folder with data and logs, also when nothing failed`;

/** @throws {Error} saying what is wrong with them */
export function readOptions(argv: readonly string[], newSeed: number): ChaosOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string' },
      faults: { type: 'string' },
      only: { type: 'string' },
      longest: { type: 'string' },
      keep: { type: 'boolean' },
    },
  });
  return {
    seed: wholeNumber('--seed', values.seed, newSeed),
    faults: wholeNumber('--faults', values.faults, 100),
    kinds: values.only === undefined ? FAULT_KINDS : kindsOf(values.only),
    longestMs: wholeNumber('--longest', values.longest, 60) * 1000,
    keep: values.keep === true,
  };
}

function wholeNumber(option: string, given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  if (/^\d{1,10}$/.test(given)) return Number(given);
  throw new Error(`${option} must be a whole number, got "${given}"`);
}

function kindsOf(only: string): FaultKind[] {
  const wanted = only.split(',').map((kind) => kind.trim());
  for (const one of wanted) {
    if (FAULT_KINDS.some((kind) => kind.startsWith(one))) continue;
    throw new Error(`--only knows no kind "${one}"; kinds: ${FAULT_KINDS.join(', ')}`);
  }
  return FAULT_KINDS.filter((kind) => wanted.some((one) => kind.startsWith(one)));
}
