import { InvalidInputError } from '../../shared/errors';
import type { Action } from '../action';
import { operationKey, placeAfter } from '../operations';
import { pathTo } from '../parts/text';
import { eventKey, traceKey } from './event';

export const eventActions: readonly Action[] = [
  {
    path: '/events/:id/redrive',
    async run(request) {
      const { client, memo } = request;
      const id = request.param('id');
      const status = request.field('status');
      if (status !== 'error' && status !== 'missing')
        throw new InvalidInputError(
          'redrive_invalid',
          'Only what failed or is missing is redriven',
        );
      const handler = request.field('handler') ?? (await client.events.get(id).describe()).handler;
      await client.events.redrive({ handler, status, ids: [id] });
      const kind = status === 'error' ? 'redrive' : 'redrive-missing';
      const place = await placeAfter(kind, handler, pathTo('/events', id), client);
      for (const key of [eventKey(id), traceKey(id), operationKey(kind, handler)]) memo.drop(key);
      return place;
    },
  },
  {
    path: '/events/:id/cancel',
    async run(request) {
      const { client, memo } = request;
      const id = request.param('id');
      await client.events.get(id).cancel();
      for (const key of [eventKey(id), traceKey(id)]) memo.drop(key);
      return pathTo('/events', id);
    },
  },
  {
    path: '/events/:id/again',
    async run(request) {
      const { client } = request;
      const { handler, event, scheduledAt } = await client.traces.get(request.param('id'));
      const { id } =
        scheduledAt === undefined
          ? await client.emit(event, handler)
          : await client.crons.runNow(handler);
      return pathTo('/events', id);
    },
  },
];
