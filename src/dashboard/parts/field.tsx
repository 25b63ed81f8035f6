import { isDate, isPlainObject } from '../../shared/storable';
import { HashedPassword } from '../../shared/password';
import type { Html } from '../page';
import { lineOf, numberText, textOf, Time } from './text';

const CELL = 120;
const DOTS = '••••••••';

interface FieldProps {
  readonly value: unknown;
  readonly now: number;
}

/** The value of a field in a row: on one line, cut. */
export const FieldCell = ({ value, now }: FieldProps): Html => {
  if (value === undefined || value === null)
    return <span class="z">{value === null ? 'null' : '–'}</span>;
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof HashedPassword) return <Dots />;
  if (typeof value === 'object' && isDate(value)) return <Time at={value} now={now} />;
  return cut(lineOf(plain(value)));
};

/** The same on a page of its own: whole. `of`: the field's type. */
export const FieldValue = ({ value, now, of }: FieldProps & { readonly of: string }): Html => {
  if (value === undefined || value === null)
    return <span class="z">{value === null ? 'null' : 'absent'}</span>;
  if (typeof value === 'string')
    return value === '' ? (
      <span class="z">empty text</span>
    ) : /UUID/.test(of) ? (
      <span class="id">{value}</span>
    ) : (
      <span class="asis">{value}</span>
    );
  if (typeof value === 'number') return String(value);
  if (value instanceof HashedPassword) return <Dots />;
  if (typeof value === 'object' && isDate(value))
    return (
      <>
        <Time at={value} now={now} /> <small class="id">{value.toISOString()}</small>
      </>
    );
  return <span class="id asis">{textOf(plain(value))}</span>;
};

/** Dicts have no prototype, and would say so. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || !isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

const Dots = (): Html => (
  <span role="img" aria-label="a password">
    {DOTS}
  </span>
);

const cut = (text: string): string => (text.length > CELL ? `${text.slice(0, CELL)}…` : text);

export const isNumber = (type: string | undefined): boolean =>
  type !== undefined && /^(Optional<)?(Int|Float|Date)\b/.test(type);
