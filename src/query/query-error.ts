/** The error of a query that cannot be compiled: where, which expression, why, and what to write instead. */
import { type ErrorCode, InvalidInputError } from '../shared/errors';
import type { Located, Span } from './ir';

export interface Refusal {
  /** Why, as a sentence without its full stop. */
  readonly reason: string;
  /** What to write instead. */
  readonly suggestion?: string;
  readonly code?: Extract<ErrorCode, 'query_invalid' | 'capture_invalid'>;
}

export class QueryError extends InvalidInputError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly expression: string;
  readonly reason: string;
  readonly suggestion: string | undefined;

  constructor(where: Located, span: Span, refusal: Refusal) {
    const place = placeOf(where, span[0]);
    const expression = where.text.slice(span[0], span[1]);
    const at = `${where.file}:${place.line}:${place.column}`;
    const advice = refusal.suggestion === undefined ? '' : `; ${refusal.suggestion}`;
    super(
      refusal.code ?? 'query_invalid',
      `Query at ${at}: ${refusal.reason}${advice}\n\n${underlined(where, span)}`,
      { details: { file: where.file, line: place.line, column: place.column, expression } },
    );
    this.file = where.file;
    this.line = place.line;
    this.column = place.column;
    this.expression = expression;
    this.reason = refusal.reason;
    this.suggestion = refusal.suggestion;
  }
}

/** The line and column of an offset in `text`, both from 1. */
export function positionIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function placeOf(
  { line, column, text }: Located,
  offset: number,
): { line: number; column: number } {
  const inside = positionIn(text, offset);
  return inside.line === 1
    ? { line, column: column + inside.column - 1 }
    : { line: line + inside.line - 1, column: inside.column };
}

/** The line that holds the start of `span`, with marks below the part that `span` covers. */
export function underlined({ line, text }: Located, [start, end]: Span): string {
  const inside = positionIn(text, start);
  const shown = text.split('\n')[inside.line - 1] ?? '';
  const length = Math.max(1, Math.min(end - start, shown.length - inside.column + 1));
  const number = String(line + inside.line - 1);
  const marks = ' '.repeat(inside.column - 1) + '^'.repeat(length);
  return `  ${number} | ${shown}\n  ${' '.repeat(number.length)} | ${marks}`;
}
