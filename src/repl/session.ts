import { compileLine, type CompiledLine } from './compile-line';
import { constants, createContext, Script } from 'node:vm';

/** The variables of a REPL, and the lines that are run among them. */
export interface Session {
  /** The names that lines can use, Node's own left out. */
  names(): string[];
  /** The value of a variable; undefined if there is none. */
  valueOf(name: string): unknown;
  /** As `compileLine`, after all lines that were run. */
  compile(line: string): CompiledLine;
  /**
   * Runs a line, and waits for its value if that is a promise.
   * @param options.interruptible whether Ctrl-C ends it while it does not await
   * @throws whatever the line throws
   */
  run(line: CompiledLine, options?: { interruptible?: boolean }): Promise<unknown>;
}

export function createSession(names: Readonly<Record<string, unknown>>): Session {
  const context = createContext({ ...names });
  defineNodeGlobals(context);
  const functions = new Map<string, { readonly text: string; readonly value: unknown }>();
  const run = (code: string, breakOnSigint: boolean): unknown =>
    new Script(code, {
      filename: 'repl',
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }).runInContext(context, { breakOnSigint });
  return {
    names: () => Object.keys(context),
    valueOf: (name): unknown => (Object.hasOwn(context, name) ? context[name] : undefined),
    compile(line) {
      // A name may have been given another value since.
      const same = [...functions].filter(([name, { value }]) => context[name] === value);
      return compileLine(line, new Map(same.map(([name, { text }]) => [name, text])));
    },
    async run(line, { interruptible = false } = {}) {
      const value: unknown = await run(line.code, interruptible);
      for (const [name, text] of line.functions)
        functions.set(name, { text, value: context[name] });
      if (value !== undefined) context['_'] = value;
      return value;
    },
  };
}

/** What Node has beside JavaScript itself, e.g. `process`; not to be listed among the names. */
function defineNodeGlobals(context: object): void {
  const builtin = new Set(
    new Script('Object.getOwnPropertyNames(globalThis)').runInContext(context) as string[],
  );
  builtin.delete('console'); // that of a context is for debuggers only, and prints nothing
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
    if (builtin.has(name) || name === 'global') continue;
    Object.defineProperty(context, name, { ...descriptor, enumerable: false, configurable: true });
  }
}
