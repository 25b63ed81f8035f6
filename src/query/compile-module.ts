/**
 * A module's source in, the same with its queries compiled out: in each call of `DB.query…`, the lambda is replaced by
 * its IR and the values that it takes from around it. Lines stay where they are. Also tells which datastores it uses, and
 * what it emits to.
 */
import { type Compiled, compileLambda, isLambda } from './parse';
import { MARKER } from '../shared/query-marker';
import { applyEdits, type Edit } from './edits';
import type { Lambda } from './ir';
import { exportsOf, type ModuleExports } from './module-exports';
import { definitionOf, type DefinitionRef, functionOfDB, handlerOf, isEmit } from './module-refs';
import { type AnyNode, type LambdaNode, parseModule } from './oxc';
import { bare } from './parse-captures';
import { positionIn, QueryError } from './query-error';
import { type ModuleScope, moduleScope, walkModule } from './scopes';

/** A call of a function of `DB`. */
export interface StoreUse {
  /** Undefined if the text does not tell which datastore it is. */
  readonly store: DefinitionRef | undefined;
  /** `file:line:column` */
  readonly at: string;
  readonly lambda?: Lambda;
  /** The names of the fields that an exact-field query compares. */
  readonly fields?: readonly string[];
}

/** A call of `emit` or `emitMany`. */
export interface EmitUse {
  /** Undefined if the text does not tell which handler it is. */
  readonly handler: DefinitionRef | undefined;
  /** `file:line:column` */
  readonly at: string;
}

export interface CompiledModule {
  readonly code: string;
  readonly uses: readonly StoreUse[];
  readonly emits: readonly EmitUse[];
  readonly exports: ModuleExports;
}

type Call = Extract<AnyNode, { type: 'CallExpression' }>;

const BY_LAMBDA = new Set([
  ...['query', 'queryWithKey', 'queryOne', 'queryOneWithKey', 'queryCount', 'explain'],
]);

export interface CompileOptions {
  /** The names that the module need not declare or import. Default none. */
  readonly around?: ModuleScope;
  /** Told of each query that cannot be compiled, which stays as it is then. Default: the first one is thrown. */
  readonly refused?: (error: QueryError) => void;
}

/** @throws {QueryError} code `query_invalid`, with the place, for the first query that cannot be compiled */
export function compileModule(
  text: string,
  file: string,
  { around, refused }: CompileOptions = {},
): CompiledModule {
  const { program, error } = parseModule(text, file);
  // Whoever compiles the module next says what is wrong with it.
  if (error !== undefined)
    return { code: text, uses: [], emits: [], exports: { definitions: new Map(), stars: [] } };
  const finder = new UseFinder(text, file, refused);
  const scope = moduleScope(program, around);
  walkModule(program, scope, (node, within) => finder.visit(node, within));
  const { uses, emits } = finder;
  return { code: finder.rewritten(), uses, emits, exports: exportsOf(program, scope) };
}

class UseFinder {
  readonly uses: StoreUse[] = [];
  readonly emits: EmitUse[] = [];
  readonly #edits: Edit[] = [];

  constructor(
    private readonly text: string,
    private readonly file: string,
    private readonly refused: CompileOptions['refused'],
  ) {}

  visit(node: AnyNode, scope: ModuleScope): void {
    if (node.type !== 'CallExpression') return;
    if (isEmit(node.callee, scope)) {
      const target = node.arguments[1];
      const handler = target === undefined ? undefined : handlerOf(target, scope);
      this.emits.push({ handler, at: this.#at(node) });
      return;
    }
    const name = functionOfDB(node.callee, scope);
    if (name === undefined) return;
    const store = node.arguments
      .map((argument) => definitionOf(argument, scope))
      .find((found) => found !== undefined);
    const use = { store, at: this.#at(node) };
    if (BY_LAMBDA.has(name)) {
      const lambda = this.#compiled(node, scope);
      this.uses.push(lambda === undefined ? use : { ...use, lambda });
    } else if (/Exact/.test(name)) this.uses.push({ ...use, fields: namesIn(node.arguments[0]) });
    else this.uses.push(use);
  }

  rewritten(): string {
    return applyEdits(this.text, this.#edits);
  }

  #at(node: AnyNode): string {
    const { line, column } = positionIn(this.text, node.start);
    return `${this.file}:${line}:${column}`;
  }

  #compiled(call: Call, scope: ModuleScope): Lambda | undefined {
    try {
      return this.#compile(call, scope);
    } catch (error) {
      if (this.refused === undefined || !(error instanceof QueryError)) throw error;
      this.refused(error);
      return undefined;
    }
  }

  #compile(call: Call, scope: ModuleScope): Lambda {
    const argument = call.arguments[1];
    if (argument === undefined) {
      throw this.#refusal(
        call,
        'A query takes a datastore and a lambda',
        'write DB.query(Users, (u) => …)',
      );
    }
    const [lambda, lambdaScope] = this.#lambdaOf(argument, scope);
    const source = { text: this.text, file: this.file, chains: true };
    const isDeclared = (name: string): boolean => lambdaScope.resolve(name) !== undefined;
    const compiled = compileLambda({ ...source, isDeclared }, lambda);
    if (lambdaScope !== scope) this.#checkSameMeaning(argument, compiled, lambdaScope, scope);
    const literal = literalOf(compiled);
    const lines = this.text.slice(argument.start, argument.end).split('\n').length;
    this.#edits.push({
      start: argument.start,
      end: argument.end,
      text: literal + '\n'.repeat(lines - 1),
    });
    return compiled.ir;
  }

  #lambdaOf(argument: AnyNode, scope: ModuleScope): [LambdaNode, ModuleScope] {
    const node = bare(argument);
    if (isLambda(node)) return [node, scope];
    const binding = node.type === 'Identifier' ? scope.resolve(node.name) : undefined;
    const held = binding?.k === 'const' ? bare(binding.init) : undefined;
    if (binding?.k === 'const' && held !== undefined) {
      if (isLambda(held) || held.type === 'FunctionDeclaration')
        return [held as LambdaNode, binding.scope];
    }
    throw this.#refusal(
      argument,
      'The second argument of a query is a lambda that stands here, or a const of this module that holds one',
      'write it here: "(u) => …"',
    );
  }

  /** The values that a lambda takes from around it are read where it is used, so the names must mean the same there. */
  #checkSameMeaning(
    argument: AnyNode,
    { ir }: Compiled,
    lambdaScope: ModuleScope,
    scope: ModuleScope,
  ): void {
    const rootOf = (capture: string): string => /^[^.?![]+/.exec(capture)?.[0] ?? capture;
    const hidden = ir.captures
      .map(rootOf)
      .find((name) => lambdaScope.resolve(name) !== scope.resolve(name));
    if (hidden === undefined) return;
    throw this.#refusal(
      argument,
      `This lambda uses a variable "${hidden}" that is another one here`,
      'rename one of the two',
    );
  }

  #refusal(node: AnyNode, reason: string, suggestion: string): QueryError {
    const text = this.text.slice(node.start, node.end);
    const where = { file: this.file, ...positionIn(this.text, node.start), text };
    return new QueryError(where, [0, text.length], { reason, suggestion });
  }
}

function namesIn(node: AnyNode | undefined): string[] {
  const fields = node === undefined ? undefined : bare(node);
  if (fields?.type !== 'ObjectExpression') return [];
  return fields.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.computed) return [];
    const { key } = property;
    if (key.type === 'Identifier') return [key.name];
    return key.type === 'Literal' ? [String(key.value)] : [];
  });
}

/** Names in brackets, because a plain `__proto__` would be none. */
function literalOf({ ir, captures }: Compiled): string {
  const values = captures.map(({ name, text }) => `[${JSON.stringify(name)}]: ${text}`);
  return `({ ${JSON.stringify(MARKER)}: ${JSON.stringify(ir)}, captures: { ${values.join(', ')} } })`;
}
