import type fc from 'fast-check';

/** A place where what others made comes in. */
export interface Edge<T = unknown> {
  readonly name: string;
  /** How many of a thousand inputs are for it: more where an input costs little. */
  readonly share: number;
  readonly inputs: fc.Arbitrary<T>;
  /** Gives the input to it. Rejects if the edge did what it must not; refusing the input in its own words is right. */
  try(input: T): void | Promise<void>;
  close?(): Promise<void>;
}

/** One edge among others: what its inputs are is its own matter. */
export type AnyEdge = Edge<never>;

export const anyEdge = <T>(edge: Edge<T>): AnyEdge => edge as unknown as AnyEdge;
