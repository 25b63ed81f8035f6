/** The parser, loaded at first use: a process that compiles no query never loads its native code. */
import { createRequire } from 'node:module';
import type * as NodeModule from 'node:module';
import { runInThisContext } from 'node:vm';
import type * as Oxc from 'oxc-parser' with { 'resolution-mode': 'import' };
import type {
  Expression,
  Function as FunctionNode,
  Node as AnyNode,
  Program,
} from 'oxc-parser' with {
  'resolution-mode': 'import',
};

export type { Expression, AnyNode, Program };
export type LambdaNode =
  | Extract<Expression, { type: 'ArrowFunctionExpression' }>
  | (FunctionNode & { type: 'FunctionExpression' | 'FunctionDeclaration' });

let loaded: typeof Oxc | undefined;

function oxc(): typeof Oxc {
  return (loaded ??= load());
}

/**
 * oxc-parser is an ES module. Node requires such modules since 20.19, test runners with a module system of their own
 * (jest) do not: there, the `process` outside their sandbox has Node's.
 */
function load(): typeof Oxc {
  try {
    return createRequire(__filename)('oxc-parser') as typeof Oxc;
  } catch (error) {
    const outside = runInThisContext('process') as NodeJS.Process & {
      getBuiltinModule?: (id: 'module') => typeof NodeModule;
    };
    const native = outside.getBuiltinModule?.('module').createRequire;
    if (native === undefined || native === createRequire) throw error;
    return native(__filename)('oxc-parser') as typeof Oxc;
  }
}

export interface Parsed {
  readonly program: Program;
  /** The parser's first complaint, and where. */
  readonly error?: { readonly message: string; readonly start: number; readonly end: number };
}

/** Parses a module. Offsets are counted as JavaScript counts characters. */
export function parseModule(text: string, file: string): Parsed {
  const lang = /\.[cm]?ts$/.test(file) ? 'ts' : /\.tsx$/.test(file) ? 'tsx' : 'jsx';
  return parsed(text, file, lang);
}

/** Parses TypeScript that stands alone, such as the text of a function. */
export function parseText(text: string): Parsed {
  return parsed(text, 'lambda.ts', 'ts');
}

function parsed(text: string, file: string, lang: 'ts' | 'tsx' | 'jsx'): Parsed {
  const { program, errors } = oxc().parseSync(file, text, {
    lang,
    sourceType: 'module',
    astType: 'ts',
    preserveParens: false,
  });
  const first = errors.find(({ severity }) => String(severity) === 'Error');
  if (first === undefined) return { program };
  const { start = 0, end = 0 } = first.labels[0] ?? {};
  return { program, error: { message: first.message, start, end } };
}
