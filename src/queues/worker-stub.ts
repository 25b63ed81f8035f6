import { type InferredField, type InferredType, inferType, isTyped } from './infer-type';

/** The source of a worker for events of this name, its type being what `events` have in common. */
export function workerStub(name: string, events: readonly unknown[]): string {
  const type = inferType(events);
  const from = events.length === 1 ? 'newest event' : `newest ${events.length} events`;
  return isTyped(type) ? typedStub(name, type, from) : untypedStub(name, type, from);
}

function typedStub(name: string, type: InferredType, from: string): string {
  return `import { t, worker } from 'nightshift';

// Made from the ${from} that came: see whether it holds for all.
export const ${variableOf(name)} = worker(
  ${literal(name)},
  {
    event: ${schemaSource(type, 2)},
  },
  async (event) => {
    throw new Error('This worker is not written yet');
  },
);
`;
}

function untypedStub(name: string, type: InferredType, from: string): string {
  return `import { worker } from 'nightshift';

// Made from the ${from} that came. They have no one type that a schema could check, so the handler must.
type Event = ${typeScriptSource(type, 0)};

export const ${variableOf(name)} = worker(${literal(name)}, async (event: Event) => {
  throw new Error('This worker is not written yet');
});
`;
}

/** The type in words of `t`. */
export function schemaSource(type: InferredType, depth: number): string {
  switch (type.kind) {
    case 'scalar':
      return `t.${type.name}`;
    case 'list':
      return `t.List(${schemaSource(type.of, depth)})`;
    case 'dict':
      return `t.Dict(${schemaSource(type.of, depth)})`;
    case 'record': {
      const field = ({ name, type: of, optional }: InferredField): string => {
        const source = schemaSource(of, depth + 1);
        return `${name}: ${optional ? `t.optional(${source})` : source},${remarkOn(of)}`;
      };
      return `t.Record(${block(type.fields.map(field), depth)})`;
    }
    case 'unknown':
      throw new Error('A type that is not known has no schema');
  }
}

const TYPESCRIPT = {
  ...{ String: 'string', Int: 'number', Float: 'number' },
  ...{ Bool: 'boolean', Date: 'Date', Password: 'unknown' },
} as const;

/** The type in TypeScript's words, where `t` has none for all of it. */
function typeScriptSource(type: InferredType, depth: number): string {
  switch (type.kind) {
    case 'scalar':
      return TYPESCRIPT[type.name];
    case 'list':
      return `(${typeScriptSource(type.of, depth)})[]`;
    case 'dict':
      return `Record<string, ${typeScriptSource(type.of, depth)}>`;
    case 'record': {
      const field = ({ name, type: of, optional }: InferredField): string => {
        const source = typeScriptSource(of, depth + 1);
        return `${name}${optional ? '?' : ''}: ${source}${optional ? ' | null' : ''};${remarkOn(of)}`;
      };
      return block(type.fields.map(field), depth);
    }
    case 'unknown':
      return type.seen.length === 1 && type.seen[0] === 'null' ? 'null' : 'unknown';
  }
}

function remarkOn(type: InferredType): string {
  if (type.kind === 'unknown') return ` // came as ${type.seen.join(', ')}`;
  if (type.kind === 'scalar' && type.guessed) return ' // a guess: it was always null';
  if (type.kind === 'list' && type.of.kind === 'scalar' && type.of.guessed)
    return ' // a guess: it was always empty';
  return '';
}

function block(lines: readonly string[], depth: number): string {
  if (lines.length === 0) return '{}';
  const indent = '  '.repeat(depth + 1);
  return `{\n${lines.map((line) => `${indent}${line}\n`).join('')}${'  '.repeat(depth)}}`;
}

const literal = (text: string): string =>
  /['\\\u2028\u2029]/.test(text) ? JSON.stringify(text) : `'${text}'`;

/** Of `github.pull_request` it is `githubPullRequest`: the words of a name, as far as a variable can have them. */
function variableOf(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words
    .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  if (joined === '') return 'handler';
  return /^\d/.test(joined) || RESERVED.test(joined)
    ? `on${joined.charAt(0).toUpperCase()}${joined.slice(1)}`
    : joined;
}

/** Words of the language, and what the stub uses itself. */
const RESERVED =
  /^(t|worker|Event|arguments|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|undefined|var|void|while|with|yield)$/;
