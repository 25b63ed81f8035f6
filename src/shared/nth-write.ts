/** In the arguments of a step that writes: it is the run's second write of that record, or its third. */
const NTH = 'nightshift.nth';

/** The last argument of such a step; absent for the run's first write of a record, which most are. */
export interface NthWrite {
  readonly [NTH]: number;
}

export const nthWrite = (n: number): NthWrite => ({ [NTH]: n });

export const nthOf = (write: NthWrite | undefined): number => write?.[NTH] ?? 1;

/** It is ours, and no argument that a user wrote. */
export const isNthWrite = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && NTH in value;
