/**
 * Lambdas as source text, over the whole language of queries: typed, so that most of them are accepted. Captures are
 * made up along with them.
 */
import fc from 'fast-check';
import type { DatastoreDefinition } from '../../src/definitions/datastore';
import type {
  AnyType,
  DictType,
  ListType,
  OptionalType,
  RecordType,
  Type,
  TypeKind,
} from '../../src/definitions/types';
import { DATES, FLOATS, INTS, KEYS, PATTERNS, SMALL_TEXTS, TEXTS, UUIDS } from './values';

export interface GeneratedLambda {
  readonly text: string;
  readonly captures: Readonly<Record<string, unknown>>;
}

/** An expression to start from: a field, an element, a const. */
interface Source {
  readonly text: string;
  readonly type: Type;
}

const isKind =
  (...kinds: TypeKind[]) =>
  ({ type }: Source): boolean =>
    kinds.includes(bareKind(type));

const bareType = (type: Type): AnyType =>
  type.kind === 'Optional' ? bareType((type as OptionalType).of) : type;
const bareKind = (type: Type): TypeKind => bareType(type).kind;
const isOptional = (type: Type): boolean => type.kind === 'Optional';

class LambdaMaker {
  readonly captures: Record<string, unknown> = {};
  #names = 0;

  constructor(
    private readonly below: (n: number) => number,
    private sources: readonly Source[],
  ) {}

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  fresh(prefix: string): string {
    return `${prefix}${++this.#names}`;
  }

  /** A constant, written out or captured. */
  constant(value: unknown): string {
    const written = this.written(value);
    if (written !== undefined && this.chance(70)) return written;
    const name = this.fresh('c');
    this.captures[name] = value;
    return name;
  }

  written(value: unknown): string | undefined {
    if (value === undefined) return 'undefined';
    if (typeof value === 'number') {
      const text = Object.is(value, -0) ? '-0' : String(value);
      return text.startsWith('-') ? `(${text})` : text;
    }
    if (value instanceof Date) return this.chance(50) ? `new Date(${value.getTime()})` : undefined;
    return JSON.stringify(value);
  }

  source(...kinds: TypeKind[]): string | undefined {
    const fitting = this.sources.filter(isKind(...kinds));
    return fitting.length === 0 ? undefined : this.pick(fitting).text;
  }

  num(depth: number): string {
    const leaf = (): string =>
      this.chance(75)
        ? (this.source('Int', 'Float') ?? '1')
        : this.constant(this.pick([...INTS, ...FLOATS, 0, 1, 2, 3, 5, Number.NaN, Infinity]));
    if (depth <= 0 || this.chance(30)) return leaf();
    const d = depth - 1;
    const list = this.source('List');
    const date = this.source('Date');
    const options: (() => string)[] = [
      () => `(${this.num(d)} ${this.pick(['+', '-', '*', '/', '%'])} ${this.num(d)})`,
      () => `(${this.num(d)} ${this.pick(['+', '-', '*', '/', '%'])} ${this.num(d)})`,
      () => `Math.${this.pick(['abs', 'floor', 'ceil', 'round'])}(${this.num(d)})`,
      () =>
        `Math.${this.pick(['min', 'max'])}(${this.num(d)}, ${this.num(d)}${this.chance(20) ? `, ${this.num(d)}` : ''})`,
      () => `${this.str(d)}.length`,
      () => `${this.source('String') ?? '""'}?.length`,
      () => `${this.str(d)}.indexOf(${this.sought()})`,
      () => `(${this.num(d)} ?? ${this.num(d)})`,
      () => `(${this.bool(d)} ? ${this.num(d)} : ${this.num(d)})`,
      () => `(${this.num(d)} ** ${this.chance(80) ? '2' : this.num(0)})`,
      () => `(-${this.num(d)})`,
      () => `(+${this.num(d)})`,
      () => `(${this.num(d)} ${this.pick(['&&', '||'])} ${this.num(d)})`,
      ...(list === undefined ? [] : [(): string => `${list}${this.chance(20) ? '?' : ''}.length`]),
      ...(date === undefined
        ? []
        : [
            (): string => this.datePart(d),
            (): string => this.datePart(d),
            (): string => `(${this.date(d)} - ${this.date(d)})`,
          ]),
    ];
    return this.pick(options)();
  }

  datePart(depth: number): string {
    const part = this.pick([
      ...[
        'getTime',
        'getTime',
        'getUTCFullYear',
        'getUTCFullYear',
        'getUTCMonth',
        'getUTCDate',
        'getUTCDay',
      ],
      ...['getUTCHours', 'getUTCMinutes', 'getUTCSeconds', 'getUTCMilliseconds'],
    ]);
    return `${this.date(depth)}${this.chance(10) ? '?' : ''}.${part}()`;
  }

  date(depth: number): string {
    const source = this.source('Date');
    if (depth > 0 && this.chance(20))
      return `new Date(${this.chance(50) ? this.num(depth - 1) : `${this.date(depth - 1)}.getTime() + ${this.pick(['1000', '86400000', '0.5'])}`})`;
    if (source !== undefined && this.chance(70)) return source;
    return this.constant(new Date(this.pick(DATES)));
  }

  sought(): string {
    return this.constant(this.pick(this.chance(70) ? SMALL_TEXTS : TEXTS));
  }

  str(depth: number): string {
    const leaf = (): string =>
      this.chance(85) ? (this.source('String') ?? '"a"') : this.constant(this.pick(TEXTS));
    if (depth <= 0 || this.chance(40)) return leaf();
    const d = depth - 1;
    return this.pick<() => string>([
      () => `${this.str(d)}.${this.pick(['trim', 'trimStart', 'trimEnd'])}()`,
      () => `${this.str(d)}.${this.pick(['toLowerCase', 'toUpperCase'])}()`,
      () =>
        `${this.str(d)}${this.chance(20) ? '?' : ''}.replaceAll(${JSON.stringify(this.pick(['a', 'b', '.', '😀', ' ', 'ab', '$']))}, ${JSON.stringify(this.pick(['', 'x', '😀', '$$', '[$&]', '$a']))})`,
      () =>
        `\`\${${this.chance(60) ? this.str(d) : this.pick([this.num(d), this.bool(d)])}}-\${${this.str(d)}}\``,
      () => `(${this.str(d)} + ${this.pick([this.str(d), this.num(d), '"!"', '"!"'])})`,
      () => `(${this.str(d)} ?? ${this.sought()})`,
      () => `(${this.str(d)} || ${this.sought()})`,
      () => `(${this.bool(d)} ? ${this.str(d)} : ${this.str(d)})`,
      () => this.slice(d),
      () => `${this.str(d)}.split('').reverse().join('')`,
    ])();
  }

  slice(depth: number): string {
    const ends = this.pick([
      '0, 1',
      '1',
      '-1',
      '0, 2',
      '1, 2',
      '-2, -1',
      '',
      '0, 3',
      '2, 1',
      '-2',
      '0.7, 1.9',
    ]);
    return `${this.str(depth)}.slice(${ends})`;
  }

  bool(depth: number): string {
    if (depth <= 0) return this.chance(50) ? `!!${this.source('Bool') ?? 'true'}` : this.compare(0);
    const d = depth - 1;
    const options: (() => string)[] = [
      () => `!(${this.anything(d)})`,
      () => `(!!${this.anything(d)} ${this.pick(['&&', '||'])} ${this.bool(d)})`,
      () => `(${this.bool(d)} ${this.pick(['&&', '||'])} ${this.bool(d)})`,
      () => `(${this.anything(d)} ? ${this.bool(d)} : ${this.bool(d)})`,
      () => this.compare(d),
      () => this.compare(d),
      () => this.compare(d),
      () => this.textQuestion(d),
      () => this.textQuestion(d),
      () => this.nullQuestion(),
      () => this.listQuestion(d),
      () => this.listQuestion(d),
      () => this.listQuestion(d),
      () => this.dictQuestion(d),
      () => this.uuidQuestion(),
      () => `(${this.bool(d)} === ${this.bool(d)})`,
    ];
    return this.pick(options)();
  }

  /** Anything that may stand where a condition does. */
  anything(depth: number): string {
    const source = this.chance(30) ? this.pick(this.sources).text : undefined;
    if (source !== undefined) return source;
    return this.chance(70) ? this.bool(depth) : this.pick([this.num(depth), this.str(depth)]);
  }

  relation(): string {
    return this.pick(['<', '<=', '>', '>=', '===', '!==']);
  }

  compare(depth: number): string {
    const relation = this.relation();
    const pair = (a: string, b: string): string =>
      this.chance(75) ? `(${a} ${relation} ${b})` : `(${b} ${relation} ${a})`;
    const kind = this.below(10);
    if (kind < 5) {
      const b = this.chance(50)
        ? this.constant(this.pick([...INTS, ...FLOATS, Number.NaN]))
        : this.num(depth);
      return pair(this.num(depth), b);
    }
    if (kind < 8)
      return pair(
        this.str(depth),
        this.chance(75) ? this.constant(this.pick([...TEXTS, ...SMALL_TEXTS])) : this.str(depth),
      );
    if (kind < 9 && this.source('Date') !== undefined) {
      const order = this.pick(['<', '<=', '>', '>=']);
      return `(${this.date(depth)} ${order} ${this.date(depth)})`;
    }
    const bool = this.source('Bool') ?? 'true';
    return `(${bool} ${this.pick(['===', '!=='])} ${this.pick(['true', 'false', 'null', 'undefined'])})`;
  }

  textQuestion(depth: number): string {
    if (this.chance(25)) return `${this.pick(PATTERNS)}.test(${this.str(depth)})`;
    const needle = this.chance(80) ? this.sought() : this.str(depth);
    return `${this.str(depth)}${this.chance(10) ? '?' : ''}.${this.pick(['includes', 'startsWith', 'endsWith'])}(${needle})`;
  }

  nullQuestion(): string {
    const { text } = this.pick(this.sources);
    return `(${text} ${this.pick(['== null', '!= null', '=== null', '!== null', '=== undefined', '!== undefined'])})`;
  }

  listQuestion(depth: number): string {
    const lists = this.sources.filter(isKind('List'));
    if (lists.length === 0 || this.chance(15)) return this.capturedList(depth);
    const list = this.pick(lists);
    const { of } = bareType(list.type) as ListType;
    const link = this.chance(15) ? '?.' : '.';
    const n = this.pick(['0', '1', '2', '3', '-1', '1.5']);
    if (this.chance(25)) return `(${list.text}${link}length ${this.relation()} ${n})`;
    if (this.chance(35)) return `${list.text}${link}includes(${this.ofType(of, depth)})`;
    if (this.chance(25)) {
      const element = {
        text: `${list.text}[${this.pick(['0', '1', '5', '-1', '0.5'])}]`,
        type: of,
      };
      return this.within([element], () => this.about(element, depth));
    }
    const name = this.fresh('x');
    const element = { text: name, type: of };
    const parameter = this.pick([name, `(${name})`]);
    const body = (): string => (this.chance(50) ? this.about(element, depth) : this.bool(depth));
    const sources = [element, ...membersOf(element, this)];
    return `${list.text}${link}${this.pick(['some', 'every'])}(${parameter} => ${this.within(sources, body, this.chance(70))})`;
  }

  capturedList(depth: number): string {
    const [kinds, values] = this.pick<[TypeKind[], readonly unknown[]]>([
      [
        ['Int', 'Float'],
        [...INTS, ...FLOATS, Number.NaN, null, undefined],
      ],
      [['String'], [...TEXTS, null, undefined]],
      [['UUID'], [...UUIDS, null, 'A0000000-0000-4000-8000-000000000000']],
      [['Bool'], [true, false, null]],
    ]);
    const source = this.source(...kinds);
    if (source === undefined) return this.compare(depth);
    const list = Array.from({ length: this.below(6) }, () => this.pick(values));
    const name = this.fresh('c');
    this.captures[name] = list;
    if (this.chance(60)) return `${name}.includes(${source})`;
    const x = this.fresh('x');
    const holder = this.sources.find(
      (s) => isKind('List')(s) && kinds.includes(bareKind((bareType(s.type) as ListType).of)),
    );
    const body =
      holder !== undefined && this.chance(60)
        ? `${holder.text}.includes(${x})`
        : `${source} === ${x}`;
    return `${name}.${this.pick(['some', 'every'])}(${x} => ${body})`;
  }

  /** A question about one source in particular. */
  about(source: Source, depth: number): string {
    const { text, type } = source;
    switch (bareKind(type)) {
      case 'Int':
      case 'Float':
        return `(${text} ${this.relation()} ${this.chance(80) ? this.constant(this.pick([...INTS, ...FLOATS])) : this.num(depth - 1)})`;
      case 'String':
        return this.chance(60)
          ? `(${text} ${this.relation()} ${this.sought()})`
          : `${text}.${this.pick(['includes', 'startsWith', 'endsWith'])}(${this.sought()})`;
      case 'Date':
        return `(${text} ${this.pick(['<', '<=', '>', '>='])} ${this.constant(new Date(this.pick(DATES)))})`;
      case 'UUID':
        return `(${text} ${this.relation()} ${this.constant(this.pick(UUIDS))})`;
      case 'Bool':
        return this.pick([`!!${text}`, `!${text}`, `(${text} === true)`, `(${text} !== false)`]);
      default: {
        const members = membersOf(source, this);
        if (members.length > 0 && this.chance(80)) return this.about(this.pick(members), depth);
        return `(${text} ${this.pick(['== null', '!= null', '=== null', '!== undefined'])})`;
      }
    }
  }

  dictQuestion(depth: number): string {
    const dicts = this.sources.filter(isKind('Dict'));
    if (dicts.length === 0) return this.compare(depth);
    const dict = this.pick(dicts);
    const key = this.pick(KEYS);
    if (this.chance(40)) return `(${this.constant(key)} in ${dict.text})`;
    const written = this.chance(80) ? this.constant(key) : this.str(0);
    const element = {
      text: `${dict.text}[${written}]`,
      type: (bareType(dict.type) as DictType).of,
    };
    return this.about(element, depth);
  }

  uuidQuestion(): string {
    const id = this.source('UUID');
    if (id === undefined) return this.compare(0);
    const other = this.chance(20) ? id : this.constant(this.pick(UUIDS));
    return `(${id} ${this.relation()} ${other})`;
  }

  ofType(type: Type, depth: number): string {
    switch (bareKind(type)) {
      case 'Int':
      case 'Float':
        return this.chance(60) ? this.constant(this.pick([...INTS, Number.NaN])) : this.num(depth);
      case 'String':
        return this.chance(60) ? this.sought() : this.str(depth);
      case 'Bool':
        return this.chance(50) ? 'true' : this.bool(depth);
      case 'UUID':
        return this.chance(50) ? this.constant(this.pick(UUIDS)) : (this.source('UUID') ?? 'null');
      default:
        return this.pick(['null', 'undefined']);
    }
  }

  within<T>(sources: readonly Source[], make: () => T, only = false): T {
    const before = this.sources;
    this.sources = only ? sources : [...before, ...sources, ...sources];
    try {
      return make();
    } finally {
      this.sources = before;
    }
  }

  lambda(fields: readonly Source[], depth: number): string {
    const body = (): string => {
      if (this.chance(15)) return this.about(this.pick(fields), depth);
      if (this.chance(20)) return this.several(fields, depth);
      return this.bool(depth);
    };
    if (this.chance(20)) {
      const { text, sources } = this.block(fields);
      return `(u) => { ${text} return ${this.within(sources, body)}; }`;
    }
    const value = body();
    if (this.chance(20)) return this.destructured(value, fields);
    return this.chance(10) ? `function (u) { return ${value}; }` : `(u) => ${value}`;
  }

  /** Questions about single fields, joined: what most queries are. */
  several(fields: readonly Source[], depth: number): string {
    const parts = Array.from({ length: 2 + this.below(3) }, () =>
      this.chance(75) ? this.about(this.pick(fields), depth - 1) : this.bool(depth - 1),
    );
    const text = parts.join(` ${this.pick(['&&', '||'])} `);
    return this.chance(25) ? `!(${text})` : text;
  }

  block(fields: readonly Source[]): { text: string; sources: Source[] } {
    const name = this.fresh('k');
    const optional = (of: Type): Type => ({ kind: 'Optional', of }) as unknown as Type;
    const record = fields.find(isKind('Record'));
    if (record !== undefined && this.chance(30)) {
      const members = Object.entries((bareType(record.type) as RecordType).fields);
      const pattern = members.map(([member], i) => `${member}: ${name}_${i}`).join(', ');
      const sources = members.map(([, type], i) => ({ text: `${name}_${i}`, type }));
      return { text: `const { ${pattern} } = ${record.text};`, sources };
    }
    const [text, kind] = this.pick<[string, TypeKind]>([
      [this.num(2), 'Float'],
      [this.str(2), 'String'],
      [this.bool(2), 'Bool'],
    ]);
    const source = { text: name, type: optional({ kind }) };
    return { text: `const ${name} = ${text};`, sources: [source] };
  }

  /** Sometimes ` = 3`, in a pattern. */
  defaultFor(type: Type): string {
    if (!this.chance(isOptional(type) ? 50 : 10)) return '';
    switch (bareKind(type)) {
      case 'Int':
      case 'Float':
        return ` = ${this.constant(this.pick([...INTS, 0, 1, 2, 3]))}`;
      case 'String':
        return ` = ${this.constant(this.pick([...SMALL_TEXTS, '']))}`;
      case 'Bool':
        return ` = ${this.pick(['true', 'false', 'null'])}`;
      case 'Date':
        return ` = ${this.constant(this.pick(DATES))}`;
      default:
        return '';
    }
  }

  /** The same with the fields as parameters of their own, those of a record by a pattern within the pattern. */
  destructured(value: string, fields: readonly Source[]): string {
    let body = value;
    const pattern: string[] = [];
    for (const { text, type } of fields) {
      if (!/^u\.\w+$/.test(text) || !new RegExp(`\\b${text}\\b`).test(body)) continue;
      const name = text.slice(2);
      const member = new RegExp(`\\bu\\.${name}\\??\\.(\\w+)`, 'g');
      const members = [...new Set(Array.from(body.matchAll(member), ([, m]) => m as string))];
      const rest = body.replace(member, '');
      if (
        bareKind(type) === 'Record' &&
        members.length > 0 &&
        !new RegExp(`\\b${text}\\b`).test(rest)
      ) {
        body = body.replace(member, `${name}_$1`);
        pattern.push(`${name}: { ${members.map((m) => `${m}: ${name}_${m}`).join(', ')} }`);
      } else {
        body = body.replaceAll(new RegExp(`\\bu\\.${name}\\b`, 'g'), `${name}_`);
        pattern.push(`${name}: ${name}_${this.defaultFor(type)}`);
      }
    }
    const left = /\bu\b/.test(body.replace(/"(?:[^"\\]|\\.)*"/g, ''));
    return left || pattern.length === 0
      ? `(u) => ${value}`
      : `({ ${pattern.join(', ')} }) => ${body}`;
  }
}

/** What can be reached from a source in one step. */
function membersOf({ text, type }: Source, maker: LambdaMaker): Source[] {
  const any = bareType(type);
  const link = isOptional(type) && maker.chance(50) ? '?.' : '.';
  const reached = (of: Type): Type =>
    isOptional(type) ? ({ kind: 'Optional', of } as unknown as Type) : of;
  switch (any.kind) {
    case 'Record':
      return Object.entries((any as RecordType).fields).flatMap(([name, of]) => {
        const member = { text: `${text}${link}${name}`, type: reached(of) };
        return [member, ...membersOf(member, maker)];
      });
    case 'List': {
      const bracket = link === '?.' ? '?.[' : '[';
      const element = {
        text: `${text}${bracket}${maker.pick(['0', '1'])}]`,
        type: reached((any as ListType).of),
      };
      return maker.chance(30) ? [element, ...membersOf(element, maker)] : [];
    }
    case 'Dict': {
      const key = maker.pick(KEYS);
      const name =
        /^[a-z]+$/i.test(key) && maker.chance(50)
          ? `${link}${key}`
          : `${link === '?.' ? '?.' : ''}[${JSON.stringify(key)}]`;
      const entry = {
        text: `${text}${name}`,
        type: { kind: 'Optional', of: (any as DictType).of } as unknown as Type,
      };
      return maker.chance(50) ? [entry, ...membersOf(entry, maker)] : [];
    }
    default:
      return [];
  }
}

export function lambdasOf(ds: DatastoreDefinition, depth: number): fc.Arbitrary<GeneratedLambda> {
  return fc.gen().map((g) => {
    const below = (n: number): number => g(fc.nat, { max: n - 1 });
    const fields = Object.entries(ds.fields)
      .filter(([, type]) => bareKind(type) !== 'Password')
      .map(([name, type]) => ({ text: `u.${name}`, type }));
    const helper = new LambdaMaker(below, fields);
    const sources = [...fields, ...fields.flatMap((field) => membersOf(field, helper))];
    const maker = new LambdaMaker(below, sources);
    return { text: maker.lambda(sources, depth), captures: maker.captures };
  });
}
