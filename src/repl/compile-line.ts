/**
 * A line of the REPL as a script: its queries compiled, its types left out, and all in one async function, so that it may
 * await. What it declares becomes a variable of the context, where later lines find it, and may be declared anew.
 */
import { compileModule } from '../query/compile-module';
import { applyEdits, type Edit } from '../query/edits';
import { type AnyNode, parseModule, type Program } from '../query/oxc';
import { namesOf } from '../query/parse-function';
import { isLambda } from '../query/parse';
import { underlined } from '../query/query-error';
import { ModuleScope } from '../query/scopes';
import { NightshiftError } from '../shared/errors';
import { stripTypes } from './strip-types';

const FILE = 'repl.ts';

/** Thrown for a text that is the beginning of a line: more is to come. */
export class IncompleteLine extends NightshiftError {
  constructor() {
    super('usage', 'The line is not complete');
  }
}

/** Where `DB` and `client.DB` mean ours, as if the line had imported them. */
const around = new ModuleScope();
around.declare('DB', { k: 'import', from: 'nightshift', imported: 'DB' });
around.declare('client', { k: 'namespace', from: 'nightshift' });

export interface CompiledLine {
  /** A script. Its value is a promise of the line's value: of its last expression, or undefined. */
  readonly code: string;
  /** The functions that the line gives a name to: their texts, by it. */
  readonly functions: ReadonlyMap<string, string>;
}

/**
 * @param earlier the functions of earlier lines: a query may name one as its lambda
 * @throws {IncompleteLine}
 * @throws {NightshiftError} code `usage`, if it is no JavaScript
 * @throws {QueryError} code `query_invalid`
 */
export function compileLine(line: string, earlier: CompiledLine['functions'] = NONE): CompiledLine {
  const text = asExpression(line) ?? checked(line);
  const functions = functionsOf(parseModule(text, FILE).program, text);
  const code = compileQueries(text, functions, earlier);
  const { program } = parseModule(code, FILE);
  const { edits, names, first } = hoist(program, code);
  const body = applyEdits(code, [...edits, ...stripTypes(program, code)]);
  const declared = names.length === 0 ? '' : `\nvar ${names.join(', ')};`;
  return { code: `(async () => { ${first}${body}\n})();${declared}`, functions };
}

const NONE: ReadonlyMap<string, string> = new Map();

function functionsOf({ body }: Program, text: string): Map<string, string> {
  const functions = new Map<string, string>();
  for (const statement of body as readonly AnyNode[]) {
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === 'Identifier' && init != null && isLambda(init))
        functions.set(id.name, text.slice(init.start, init.end));
    }
  }
  return functions;
}

const SEPARATOR = '\n;"what earlier lines declared";\n';

/** For the compiler, what earlier lines declared stands behind the line: as in a module, where does not matter to it. */
function compileQueries(
  text: string,
  functions: CompiledLine['functions'],
  earlier: CompiledLine['functions'],
): string {
  const used = [...earlier].filter(([name]) => text.includes(name) && !functions.has(name));
  const consts = used.map(([name, source]) => `const ${name} = ${source};\n`);
  const { code } = compileModule(`${text}${SEPARATOR}${consts.join('')}`, FILE, { around });
  return code.slice(0, code.lastIndexOf(SEPARATOR));
}

/** `{ a: 1 }` is meant as an object, though a statement that begins so is a block. */
function asExpression(line: string): string | undefined {
  if (!/^\s*\{/.test(line) || /;\s*$/.test(line)) return undefined;
  const text = `(${line}\n)`;
  return parseModule(text, FILE).error === undefined ? text : undefined;
}

function checked(line: string): string {
  const { error } = parseModule(line, FILE);
  if (error === undefined) return line;
  const { message, start, end } = error;
  if (isCutOff(line, message, start)) throw new IncompleteLine();
  throw refused(line, [start, end], message);
}

function isCutOff(line: string, message: string, start: number): boolean {
  if (start >= line.trimEnd().length) return true;
  if (message === 'Unterminated string') return line[start] === '`';
  return message === 'Unterminated multiline comment';
}

function refused(text: string, span: readonly [number, number], message: string): NightshiftError {
  const shown = underlined({ file: FILE, line: 1, column: 1, text }, span);
  return new NightshiftError('usage', `${message}\n\n${shown}`);
}

interface Hoisted {
  readonly edits: readonly Edit[];
  readonly names: readonly string[];
  /** What has to run before everything else. */
  readonly first: string;
}

function hoist({ body }: Program, text: string): Hoisted {
  const edits: Edit[] = [];
  const names: string[] = [];
  let first = '';
  const insert = (at: number, inserted: string): number =>
    edits.push({ start: at, end: at, text: inserted });
  for (const statement of body as readonly AnyNode[]) {
    switch (statement.type) {
      case 'VariableDeclaration':
        names.push(...statement.declarations.flatMap(({ id }) => namesOf(id)));
        edits.push(...assignments(statement));
        break;
      case 'FunctionDeclaration':
        if (statement.id == null) break;
        names.push(statement.id.name);
        first += `this.${statement.id.name} = ${statement.id.name}; `;
        break;
      case 'ClassDeclaration':
        if (statement.id == null) break;
        names.push(statement.id.name);
        insert(statement.start, `${statement.id.name} = `);
        insert(statement.end, ';');
        break;
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
      case 'ExportAllDeclaration':
        throw refused(
          text,
          [statement.start, statement.end],
          'A line can neither import nor export; write: const { x } = await import("…")',
        );
    }
  }
  const last = body.at(-1);
  if (last?.type === 'ExpressionStatement') {
    edits.unshift({ start: last.start, end: last.start, text: 'return (' });
    insert(last.expression.end, ')');
  }
  return { edits, names: [...new Set(names)], first };
}

type Declaration = Extract<AnyNode, { type: 'VariableDeclaration' }>;

/** `const { a } = x, b = 1;` as `void ({ a } = x, b = 1);` */
function assignments({ start, end, declarations }: Declaration): Edit[] {
  const [first] = declarations;
  const last = declarations.at(-1);
  if (first === undefined || last === undefined) return [];
  const unset = declarations.filter(({ init }) => init == null);
  return [
    { start, end: first.start, text: 'void (' },
    ...unset.map(({ end: at }) => ({ start: at, end: at, text: ' = undefined' })),
    { start: last.end, end, text: ');' },
  ];
}
