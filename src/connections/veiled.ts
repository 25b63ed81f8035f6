import { ApplicationFailure, CompleteAsyncError } from '@temporalio/common';
import { NightshiftError } from '../shared/errors';

/** Stands in for an error: has its type, and neither its message nor its stack. */
class Veiled extends Error {
  override readonly name: string;

  constructor(readonly error: unknown) {
    const type = typeOf(error);
    super(type);
    this.name = type;
    this.stack = `${type}`;
  }
}

type Veil = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Temporal's interceptors for OpenTelemetry write down the message and the stack of what fails within a span, and a
 * message may tell what is in an event. What fails in `veil` fails for them without these, and for the caller as it was.
 */
export async function veiling<T>(traced: (veil: Veil) => Promise<T>): Promise<T> {
  try {
    return await traced(async (work) => {
      try {
        return await work();
      } catch (error) {
        throw error instanceof CompleteAsyncError ? error : new Veiled(error);
      }
    });
  } catch (error) {
    throw error instanceof Veiled ? error.error : error;
  }
}

function typeOf(error: unknown): string {
  if (error instanceof ApplicationFailure) return error.type ?? 'Error';
  if (error instanceof NightshiftError) return error.code;
  return error instanceof Error ? error.name : 'Error';
}
