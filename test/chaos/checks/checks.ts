import { eventsEnded, missingCounted, notEarly, nothingStuck } from './events';
import type { Check } from './outcome';
import { allReleased, nothingSeen } from './queues';
import { addedOnce, copied, counted, eachEventWrote, nothingLost } from './records';
import { noTimeTwice } from './schedule';

/** What must be so when everything has come to rest, by the sentence that says it. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'every event ended once, in the right status': eventsEnded,
  'no event is stuck': nothingStuck,
  'every event has written its record, at most once in an attempt': eachEventWrote,
  'what a step adds or emits is there once': addedOnce,
  'many that change one record at once lose nothing': counted,
  'no acknowledged record is lost': nothingLost,
  'migrations copied every record once': copied,
  'rules were kept, and writes read': nothingSeen,
  'every held event was let go': allReleased,
  'no time of the cron had two runs': noTimeTwice,
  'the 404 list counted every event': missingCounted,
  'no delayed event began early': notEarly,
};
