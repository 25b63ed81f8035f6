/**
 * A regular expression of JavaScript as one of PCRE that means the same. The same text means something else there in
 * many ways (facts/queries.md §5), so each node is read and written anew; what has no exact form is refused.
 */
import { messageOf } from '../../shared/errors';
import { classOf, complement, literal, type Range, union, withBothCases } from './ranges';

/** Why a regular expression cannot be translated. */
export class Untranslatable extends Error {
  constructor(
    message: string,
    readonly suggestion?: string,
  ) {
    super(message);
  }
}

const refuse = (why: string, suggestion?: string): never => {
  throw new Untranslatable(why, suggestion);
};

const DIGITS: Range[] = [[0x30, 0x39]];
const WORD: Range[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const SPACE: Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const LINE_ENDS: Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;
const MAX_REPEAT = 1000;

export function translate(source: string, flags: string): string {
  for (const flag of flags) {
    if (flag === 'g' || flag === 'y')
      refuse(`The flag "${flag}" makes a test depend on the one before`, `leave "${flag}" out`);
    if (!'imsu'.includes(flag)) refuse(`The flag "${flag}" cannot be used in a query`);
  }
  if (flags.includes('i') && flags.includes('u'))
    refuse('The flags "i" and "u" together have another rule for letters', 'leave one of them out');
  checkIsOne(source, flags);
  return new Translation(source, flags).run();
}

/** Whoever reads the module's text for us takes any pattern for one: JavaScript itself does not. */
function checkIsOne(source: string, flags: string): void {
  try {
    new RegExp(source, flags);
  } catch (error) {
    refuse(messageOf(error)); // it says what is wrong with the pattern
  }
}

/** What a piece of a pattern is, as far as what is around it must know. */
interface Piece {
  readonly text: string;
  /** Matches one character, whichever: without the flag `u`, JavaScript would match half of an emoji with it. */
  readonly broad?: boolean;
  /** Holds a `*`, a `+` or `{n,}`. */
  readonly unbounded?: boolean;
  readonly assertion?: boolean;
}

class Translation {
  readonly #unicode: boolean;
  #i = 0;
  #depth = 0;
  #broadPlus = 0;

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {
    this.#unicode = flags.includes('u');
  }

  run(): string {
    const { text } = this.#alternatives();
    if (this.#i < this.source.length) refuse('This regular expression cannot be read');
    return text;
  }

  get #next(): string {
    return this.source.charAt(this.#i);
  }

  #take(expected: string): boolean {
    if (!this.source.startsWith(expected, this.#i)) return false;
    this.#i += expected.length;
    return true;
  }

  #alternatives(): Piece {
    const pieces = [this.#sequence()];
    while (this.#take('|')) pieces.push(this.#sequence());
    return {
      text: pieces.map(({ text }) => text).join('|'),
      unbounded: pieces.some(({ unbounded }) => unbounded === true),
    };
  }

  #sequence(): Piece {
    let text = '';
    let unbounded = false;
    while (this.#i < this.source.length && this.#next !== '|' && this.#next !== ')') {
      const piece = this.#quantified(this.#atom());
      text += piece.text;
      unbounded ||= piece.unbounded === true;
    }
    return { text, unbounded };
  }

  #atom(): Piece {
    const c = this.#next;
    switch (c) {
      case '^':
        this.#i++;
        return {
          text: this.flags.includes('m') ? `(?:^|(?<=${classOf(LINE_ENDS)}))` : '^',
          assertion: true,
        };
      case '$':
        this.#i++;
        return {
          text: this.flags.includes('m') ? `(?=\\z|${classOf(LINE_ENDS)})` : '\\z',
          assertion: true,
        };
      case '.':
        this.#i++;
        return {
          text: classOf(complement(this.flags.includes('s') ? [] : LINE_ENDS)),
          broad: true,
        };
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        return refuse('This regular expression cannot be read');
      default:
        return this.#character();
    }
  }

  #character(): Piece {
    const point = this.source.codePointAt(this.#i) as number;
    this.#i += point > 0xffff ? 2 : 1;
    return this.#literal(point);
  }

  #literal(point: number): Piece {
    if (point >= 0xd800 && point <= 0xdfff)
      return refuse('Half of a surrogate pair is in no stored text');
    if (point > 0xffff && !this.#unicode && /[*+?{]/.test(this.#next))
      return refuse('Without the flag "u" this repeats half of a character', 'add the flag "u"');
    return this.flags.includes('i') && point <= 0xffff
      ? { text: classOf(withBothCases([[point, point]])) }
      : { text: literal(point) };
  }

  #group(): Piece {
    this.#i++;
    const kind = ['?:', '?=', '?!'].find((start) => this.#take(start));
    if (kind === undefined && this.#take('?<')) {
      if (this.#next === '=' || this.#next === '!')
        refuse('A look-behind cannot be used in a query');
      this.#i = this.source.indexOf('>', this.#i) + 1; // the name of a group: nothing refers to it
    } else if (kind === undefined && this.#next === '?') {
      refuse('This kind of group cannot be used in a query');
    }
    this.#depth++;
    const inner = this.#alternatives();
    this.#depth--;
    if (!this.#take(')')) refuse('This regular expression cannot be read');
    const { text, unbounded = false } = inner;
    if (kind === '?=' || kind === '?!')
      return { text: `(${kind}${text})`, unbounded, assertion: true };
    return { text: `(?:${text})`, unbounded };
  }

  #quantified(piece: Piece): Piece {
    const quantifier = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.#i))?.[0];
    if (quantifier === undefined) {
      if (piece.broad === true && !this.#unicode) this.#refuseBroad();
      return piece;
    }
    this.#i += quantifier.length;
    if (piece.assertion === true) refuse('An assertion cannot be repeated');
    const numbers = quantifier.match(/\d+/g)?.map(Number) ?? [];
    if (numbers.some((n) => n > MAX_REPEAT))
      refuse(`More than ${MAX_REPEAT} repetitions cannot be used in a query`);
    const repeats = /^[*+]|,\}/.test(quantifier) || (numbers.at(-1) ?? 0) > 1;
    if (repeats && piece.unbounded === true)
      refuse(
        'A repetition within a repetition may take for ever, and the server then answers no',
        'repeat one thing',
      );
    if (piece.broad === true && !this.#unicode) this.#checkBroad(quantifier);
    return {
      text: piece.text + quantifier,
      unbounded: piece.unbounded === true || /^[*+]|,\}/.test(quantifier),
    };
  }

  /** `.*` is the same by units and by characters, and so is one `.+` that no other such piece can share a character with. */
  #checkBroad(quantifier: string): void {
    if (quantifier.startsWith('*')) return;
    if (!quantifier.startsWith('+') || this.#depth > 0 || ++this.#broadPlus > 1)
      this.#refuseBroad();
  }

  #refuseBroad(): never {
    return refuse('Without the flag "u" this matches half of an emoji', 'add the flag "u"');
  }

  #class(): Piece {
    this.#i++;
    const negated = this.#take('^');
    const ranges: Range[] = [];
    while (!this.#take(']')) {
      if (this.#i >= this.source.length) refuse('This regular expression cannot be read');
      const from = this.#classAtom();
      const isRange = this.#next === '-' && this.source.charAt(this.#i + 1) !== ']';
      if (!isRange) {
        ranges.push(...from);
        continue;
      }
      this.#i++;
      const to = this.#classAtom();
      const [[first, firstEnd] = [0, 1], [last, lastEnd] = [0, 1]] = [from[0], to[0]];
      if (from.length > 1 || to.length > 1 || first !== firstEnd || last !== lastEnd)
        refuse('A range of characters goes from one character to another');
      ranges.push([first, last]);
    }
    const set = this.flags.includes('i') ? withBothCases(ranges) : union(ranges);
    const halves = set.some(([from, to]) => to >= 0xd800 && from <= 0xdfff && to <= 0xffff);
    if (halves) refuse('This class holds halves of characters', 'add the flag "u"');
    return negated
      ? { text: classOf(complement(set)), broad: true }
      : { text: classOf(set), broad: set.some(([, to]) => to > 0xffff) };
  }

  #classAtom(): Range[] {
    if (this.#next === '\\') {
      this.#i++;
      if (this.#take('b')) return [[8, 8]];
      if (this.#take('-')) return [[0x2d, 0x2d]];
      const set = this.#classEscape();
      if (set !== undefined) return set;
      const point = this.#characterEscape();
      return [[point, point]];
    }
    const point = this.source.codePointAt(this.#i) as number;
    if (point > 0xffff && !this.#unicode)
      refuse('Without the flag "u" this class holds halves of a character', 'add the flag "u"');
    this.#i += point > 0xffff ? 2 : 1;
    return [[point, point]];
  }

  #escape(): Piece {
    this.#i++;
    if (this.#take('b')) return { text: '\\b', assertion: true };
    if (this.#take('B')) return { text: '\\B', assertion: true };
    if (/[1-9k]/.test(this.#next)) refuse('A reference to a group cannot be used in a query');
    const set = this.#classEscape();
    if (set !== undefined) return { text: classOf(set), broad: set.some(([, to]) => to > 0xffff) };
    return this.#literal(this.#characterEscape());
  }

  /** `\d` and its like. */
  #classEscape(): Range[] | undefined {
    const c = this.#next;
    const set = { d: DIGITS, w: WORD, s: SPACE }[c.toLowerCase()];
    if (/[pP]/.test(c)) refuse('"\\p" depends on the version of Unicode', 'list the characters');
    if (set === undefined) return undefined;
    this.#i++;
    return c === c.toLowerCase() ? set : complement(set);
  }

  #characterEscape(): number {
    const c = this.#next;
    this.#i++;
    const control = CONTROLS[c];
    if (control !== undefined) return control;
    if (c === '0' && !/\d/.test(this.#next)) return 0;
    if (c === 'c' && /[A-Za-z]/.test(this.#next)) return this.source.charCodeAt(this.#i++) % 32;
    if (c === 'x') return this.#hexDigits(/^[0-9a-fA-F]{2}/);
    if (c === 'u') {
      if (this.#unicode && this.#next === '{') return this.#hexDigits(/^\{[0-9a-fA-F]+\}/);
      const unit = this.#hexDigits(/^[0-9a-fA-F]{4}/);
      const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(this.source.slice(this.#i))?.[1];
      if (unit < 0xd800 || unit > 0xdbff || low === undefined) return unit;
      if (!this.#unicode)
        refuse(
          'Without the flag "u" this is two halves of a character',
          'write the character itself',
        );
      this.#i += 6;
      return (unit - 0xd800) * 0x400 + (parseInt(low, 16) - 0xdc00) + 0x10000;
    }
    if (SYNTAX.test(c) || c === '-') return c.charCodeAt(0);
    return refuse(`The escape "\\${c}" cannot be used in a query`);
  }

  #hexDigits(form: RegExp): number {
    const digits = form.exec(this.source.slice(this.#i))?.[0];
    if (digits === undefined) return refuse('This escape cannot be read');
    this.#i += digits.length;
    return parseInt(digits.replace(/[{}]/g, ''), 16);
  }
}
