import { bytesOf, isRoom, room, roomNeeded } from '../shared/room';

/** What these return, they return only if the run has made room for it; see `room.ts`. */
export function withinRoom<A extends object>(activities: A): A {
  const wrapped = Object.entries(
    activities as Record<string, (...args: unknown[]) => Promise<unknown>>,
  ).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      const last = args.at(-1);
      const value = await activity(...(isRoom(last) ? args.slice(0, -1) : args));
      const needed = roomNeeded(value);
      return needed <= (isRoom(last) ? bytesOf(last) : 0) ? value : room(needed);
    },
  ]);
  return Object.fromEntries(wrapped) as A;
}
