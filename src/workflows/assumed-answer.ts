import type { Outcome } from '../shared/rerun';
import { HashedPassword } from '../shared/password';

type Answer = (args: readonly unknown[]) => unknown;

const nothing: Answer = () => undefined;
const none: Answer = () => [];
const zero: Answer = () => 0;

/** What each step that writes answers where it succeeds. */
const WRITES: Readonly<Record<string, Answer>> = {
  'DB::set': nothing,
  'DB::add': ([, key]) => key,
  'DB::delete': nothing,
  'DB::deleteAll': nothing,
  'DB::replace': () => true,
  'Event::emit': nothing,
};

/** What each step that reads answers where there is nothing to find. */
const READS: Readonly<Record<string, Answer>> = {
  'DB::get': nothing,
  'DB::getExisting': none,
  'DB::getAll': none,
  'DB::keys': none,
  'DB::count': zero,
  'DB::query': none,
  'DB::queryCount': zero,
  'DB::queryExactFields': none,
  'DB::getVersion': nothing,
  'DB::page': none,
  'DB::explain': () => ({ indexes: [], returned: 0, filter: {}, recheck: false }),
  'Password::hash': () => new HashedPassword('<password>'),
  'Password::check': () => false,
};

/** What a step answers that nobody has an answer for; undefined for one that only its own author knows. */
export function assumedAnswer(
  name: string,
  args: readonly unknown[],
  readsWait: boolean,
): Outcome | undefined {
  const answer = own(WRITES, name) ?? (readsWait ? undefined : own(READS, name));
  return answer === undefined ? undefined : { value: answer(args) };
}

const own = (answers: Readonly<Record<string, Answer>>, name: string): Answer | undefined =>
  Object.hasOwn(answers, name) ? answers[name] : undefined;
