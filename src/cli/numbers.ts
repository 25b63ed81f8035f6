import { NightshiftError } from '../shared/errors';
import { type CommandInput, textOption } from './command';

/** An option that is a number; whether it may be this one, the client says. */
export function numberOption(input: CommandInput, name: string): number | undefined {
  const text = textOption(input, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new NightshiftError('usage', `A ${name} is a number, got "${text}"`);
}
