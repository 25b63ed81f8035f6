import { bytesOf, isRoom, room, roomNeeded } from '../shared/room';
import { wrapEach } from './wrap-each';

/** What these return, they return only if the run has made room for it; see `room.ts`. */
export const withinRoom = <A extends object>(activities: A): A =>
  wrapEach(activities, (activity) => async (...args) => {
    const last = args.at(-1);
    const value = await activity(...(isRoom(last) ? args.slice(0, -1) : args));
    const needed = roomNeeded(value);
    return needed <= (isRoom(last) ? bytesOf(last) : 0) ? value : room(needed);
  });
