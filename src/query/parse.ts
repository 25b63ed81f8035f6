/**
 * The front end: a lambda's source text or syntax tree in, its IR and its captures out.
 *
 * - `compileLambda(source, node)`: a lambda within a module that has been parsed (the loader).
 * - `compileText(text, file)`: a lambda's text alone.
 * - `compileFunction(fn)`: a function in Node, by its own text; kept by text, so that a query in a loop is parsed once.
 *
 * All throw a `QueryError` for whatever is outside the language. They know nothing of fields and types: see `check`.
 */
import { InvalidInputError } from '../shared/errors';
import type { Capture, Expr, Lambda, Located } from './ir';
import { type AnyNode, type LambdaNode, parseText } from './oxc';
import { bare } from './parse-captures';
import { ParseContext, type Source } from './parse-context';
import { parseExpression } from './parse-expression';
import { parseFunction } from './parse-function';
import { positionIn, QueryError } from './query-error';

export interface Compiled {
  readonly ir: Lambda;
  readonly captures: readonly Capture[];
}

export function isLambda(node: AnyNode): node is LambdaNode {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';
}

/** @throws {QueryError} code `query_invalid` */
export function compileLambda(source: Source, node: LambdaNode): Compiled {
  const located: Located = {
    file: source.file,
    ...positionIn(source.text, node.start),
    text: source.text.slice(node.start, node.end),
  };
  const context = new ParseContext(source, located, node.start);
  const scope = { names: new Map<string, never>(), conditional: false };
  const body = parseFunction(
    node,
    (at): Expr => ({ k: 'record', at }),
    scope,
    context,
    (e, within) => parseExpression(e, within, context),
  );
  const captures = [...context.captures.values()];
  return {
    ir: { version: 1, ...located, body, captures: captures.map(({ name }) => name) },
    captures,
  };
}

/** @throws {QueryError} code `query_invalid` */
export function compileText(text: string, file: string, chains = false): Compiled {
  const parsed = parseText(`(${text}\n)`);
  const at: Located = { file, line: 1, column: 1, text };
  if (parsed.error !== undefined) {
    throw new QueryError(at, [0, text.length], {
      reason: `This is not a function that can be read: ${parsed.error.message}`,
      suggestion: 'write an arrow function, "(u) => …"',
    });
  }
  const [statement] = parsed.program.body;
  const node = statement?.type === 'ExpressionStatement' ? bare(statement.expression) : undefined;
  if (node === undefined || !isLambda(node)) {
    throw new QueryError(at, [0, text.length], {
      reason: 'The second argument of a query is a function',
      suggestion: 'write an arrow function, "(u) => …"',
    });
  }
  // Offsets count from behind the bracket, so that positions are those of `text`.
  const shifted = compileLambda({ text: `(${text}\n)`, file, chains }, node);
  return { ...shifted, ir: { ...shifted.ir, ...shiftedStart(shifted.ir) } };
}

const shiftedStart = ({ line, column }: Located): { column: number } => ({
  column: line === 1 ? column - 1 : column,
});

const cache = new Map<string, Compiled>();
const CACHED = 1000;

/**
 * Compiles the lambda of a query in Node. Its captures are the plain names of variables: their values come beside it.
 * @throws {QueryError} code `query_invalid`
 */
export function compileFunction(fn: unknown, file = 'the lambda'): Compiled {
  if (typeof fn !== 'function')
    throw new InvalidInputError(
      'query_invalid',
      `Expected a function as second argument of a query, got ${typeof fn}`,
    );
  const text = Function.prototype.toString.call(fn);
  if (text.endsWith('{ [native code] }'))
    throw new InvalidInputError(
      'query_invalid',
      `A bound or built-in function cannot be a query: its text cannot be read`,
      { remedies: ['write an arrow function, "(u) => …"'] },
    );
  const key = `${file}\n${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const compiled = compileText(text, file);
  if (cache.size >= CACHED) cache.clear();
  cache.set(key, compiled);
  return compiled;
}
