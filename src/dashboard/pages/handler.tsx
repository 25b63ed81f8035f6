import type { Page } from '../page';
import { HandlerCounts } from './handler-counts';
import { HandlerEmit } from './handler-emit';
import { HandlerFacts } from './handler-facts';
import { HandlerFailures } from './handler-failures';
import { HandlerLog } from './handler-log';
import { readHandler } from './handler-reading';
import { HandlerRule } from './handler-rule';
import { HandlerTraces } from './handler-traces';
import { HandlerWork } from './handler-work';

/** How is this queue, and what failed? */
export const handler: Page = {
  path: '/handlers/:name',
  async show(request) {
    const name = request.param('name');
    const shown = await readHandler(name, request);
    return {
      title: name,
      crumbs: <a href="/">Handlers</a>,
      nav: '/',
      still: request.refused !== undefined, // what was typed must stay
      sections: [
        { id: 'rule', content: <HandlerRule {...shown} /> },
        { id: 'work', content: <HandlerWork {...shown} /> },
        { id: 'counts', content: <HandlerCounts {...shown} /> },
        { id: 'failures', content: <HandlerFailures {...shown} /> },
        { id: 'traces', content: <HandlerTraces {...shown} /> },
        { id: 'emit', content: <HandlerEmit {...shown} /> },
        { id: 'definition', content: <HandlerFacts {...shown} /> },
        { id: 'log', content: <HandlerLog {...shown} /> },
      ],
    };
  },
};
