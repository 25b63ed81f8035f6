/** Dates, as milliseconds: MongoDB's own parts of a date fail before 4714 BC (facts/queries.md §4). */
import { isNullable } from '../static-type';
import type { Op, Typed } from '../typed';
import { and, cond, double, type Expression, isNumber, NAN } from './build';
import { type CompileOp, type Compiler, isSolid } from './compiled';

const DAY = 86_400_000;
const MAX_DATE = 8.64e15;

const onDate =
  (make: (ms: Expression, c: Compiler) => Expression): CompileOp =>
  ([node], c) => {
    const date = node as Typed;
    const x = c.number(date);
    const raw = isNullable(date.type) && !isSolid(date) ? c.value(date) : undefined;
    const ok = raw === undefined ? x.ok : and(x.ok, isNumber(raw.v));
    return { ...x, ok, v: c.bind(x.v, (ms) => make(ms, c)) };
  };

const floor = (x: Expression): Expression => ({ $floor: x });
const times = (a: Expression, b: number): Expression => ({ $multiply: [a, double(b)] });
const over = (a: Expression, b: number): Expression => floor({ $divide: [a, double(b)] });
const plus = (...parts: readonly Expression[]): Expression => ({ $add: parts.map(asNumber) });
const minus = (a: Expression, b: Expression): Expression => ({
  $subtract: [asNumber(a), asNumber(b)],
});
const asNumber = (x: Expression): Expression => (typeof x === 'number' ? double(x) : x);

const days = (ms: Expression): Expression => over(ms, DAY);

/** The part of a day that `unit` counts: 0 up to `limit`. */
const part =
  (unit: number, limit: number): CompileOp =>
  (args, c) =>
    onDate((ms, inner) =>
      inner.bind(over(ms, unit), (n) => minus(n, times(over(n, limit), limit))),
    )(args, c);

const weekday: CompileOp = onDate((ms, c) =>
  c.bind(plus(days(ms), 4), (n) => minus(n, times(over(n, 7), 7))),
);

interface Civil {
  readonly year: Expression;
  readonly month: Expression;
  readonly day: Expression;
}

/** Year, month and day of a number of days since 1970, by Howard Hinnant's algorithm: eras of 400 years from 1 March. */
function civil(ms: Expression, c: Compiler, use: (parts: Civil) => Expression): Expression {
  return c.bind(plus(days(ms), 719_468), (z) =>
    c.bind(over(z, 146_097), (era) =>
      c.bind(minus(z, times(era, 146_097)), (dayOfEra) => {
        const leaps = plus(minus(dayOfEra, over(dayOfEra, 1460)), over(dayOfEra, 36_524));
        return c.bind(over(minus(leaps, over(dayOfEra, 146_096)), 365), (yearOfEra) => {
          const before = plus(times(yearOfEra, 365), over(yearOfEra, 4));
          const dayOfYear = minus(dayOfEra, minus(before, over(yearOfEra, 100)));
          return c.bind(dayOfYear, (day) =>
            c.bind(over(plus(times(day, 5), 2), 153), (monthFromMarch) => {
              const month = plus(
                monthFromMarch,
                cond({ $lt: [monthFromMarch, double(10)] }, double(2), double(-10)),
              );
              const january = cond({ $lt: [monthFromMarch, double(10)] }, double(0), double(1));
              const firstDay = over(plus(times(monthFromMarch, 153), 2), 5);
              return use({
                year: plus(yearOfEra, times(era, 400), january),
                month,
                day: plus(minus(day, firstDay), 1),
              });
            }),
          );
        });
      }),
    ),
  );
}

const calendar = (pick: keyof Civil): CompileOp =>
  onDate((ms, c) => civil(ms, c, (parts) => parts[pick]));

/** `new Date(x)`: whole milliseconds within JavaScript's range, else an Invalid Date, which is NaN. */
const make: CompileOp = ([node], c) => {
  const x = c.number(node as Typed);
  const v = c.bind(x.v, (ms) =>
    cond(
      { $lte: [{ $abs: ms }, double(MAX_DATE)] },
      // adding 0 makes -0 the 0 that a Date has
      { $add: [cond({ $lt: [ms, double(0)] }, { $ceil: ms }, floor(ms)), double(0)] },
      NAN,
    ),
  );
  return { ...x, v };
};

export const dateOps: Partial<Record<Op, CompileOp>> = {
  date: make,
  getTime: onDate((ms) => ms),
  getUTCFullYear: calendar('year'),
  getUTCMonth: calendar('month'),
  getUTCDate: calendar('day'),
  getUTCDay: weekday,
  getUTCHours: part(3_600_000, 24),
  getUTCMinutes: part(60_000, 60),
  getUTCSeconds: part(1000, 60),
  getUTCMilliseconds: part(1, 1000),
};
