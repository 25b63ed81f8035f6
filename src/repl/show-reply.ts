import type { Io } from '../cli/io';
import { showError } from '../cli/show-error';
import { showValue } from './show-value';

/** Prints what became of a line. */
export interface ShowReply {
  /** Nothing for undefined. */
  value(value: unknown): void;
  error(error: unknown): void;
}

export function createShowReply(io: Io, verbose: boolean): ShowReply {
  return {
    value: (value) => {
      if (value !== undefined) io.out(showValue(value, io));
    },
    error: (error) => showError(error, io, { json: false, verbose }),
  };
}
