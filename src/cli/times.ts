import { type Duration, durationMs, formatBetween } from '../shared/duration';
import { NightshiftError } from '../shared/errors';
import { type CommandInput, textOption } from './command';

/** A moment, or how long ago it was. */
export function timeOption(input: CommandInput, name: string): Date | undefined {
  const text = textOption(input, name);
  if (text === undefined) return undefined;
  const moment = Date.parse(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(moment)) return new Date(moment);
  try {
    return new Date(Date.now() - durationMs(text as Duration, 'The time'));
  } catch (cause) {
    throw new NightshiftError(
      'usage',
      `A time is e.g. 2026-11-21T14:00 or "2 hours", got "${text}"`,
      {
        cause,
      },
    );
  }
}

/** How long ago it was: `5 min`. */
export const ageText = (time: Date): string => formatBetween(time, new Date());
