import { version } from '../version';

const problem = (description: string): object => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const answer = (description: string, schema: string): object => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
});

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };

/** What can be asked over HTTP, for programs that make clients from it. */
export function openapi(origin: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Nightshift',
      version,
      description: 'Emits events, and tells what became of them.',
    },
    servers: [{ url: origin }],
    security: [{}, { token: [] }],
    paths: {
      '/emit/{handler}': {
        post: {
          operationId: 'emit',
          summary: 'Emits an event: its handler runs for it once, in its own time',
          parameters: [
            {
              ...{ name: 'handler', in: 'path', required: true, schema: text },
              description: 'A worker; a name that nobody handles goes to the 404 list',
            },
            {
              ...{ name: 'Idempotency-Key', in: 'header', schema: text },
              description: 'The event id: a repeated one is accepted once',
            },
            {
              ...{ name: 'Delay', in: 'header', schema: text },
              description: 'Wait before the handler starts: seconds, or e.g. "5 minutes"',
            },
          ],
          requestBody: {
            description: 'The event: any JSON value; none is null',
            content: { 'application/json': { schema: {} } },
          },
          responses: {
            202: answer('It is stored, and will be handled', 'Emitted'),
            401: problem('A token is needed'),
            403: problem('Refused: a token for looking only, or a foreign page'),
            409: problem('The id belongs to an event of another handler'),
            413: problem('The event is too large'),
            415: problem('It is no JSON'),
            422: problem('The event, the name, the id or the delay cannot be taken'),
            503: problem('A server does not answer; nothing was stored'),
          },
        },
      },
      '/events/{id}': {
        get: {
          operationId: 'getEvent',
          summary: 'What became of an event',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: text },
            {
              ...{ name: 'wait', in: 'query' },
              schema: { type: 'number', minimum: 0, maximum: 60 },
              description: 'Wait so many seconds for its end',
            },
          ],
          responses: {
            200: answer('The event', 'Event'),
            401: problem('A token is needed'),
            404: problem('There is no such event, or it ended long ago'),
          },
        },
      },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Emitted: {
          type: 'object',
          required: ['id', 'url', 'repeated'],
          properties: {
            id: text,
            url: { type: 'string', format: 'uri' },
            repeated: { type: 'boolean', description: 'True if the id had been accepted before' },
          },
        },
        Event: {
          type: 'object',
          required: ['id', 'handler', 'status', 'emittedAt', 'attempts'],
          properties: {
            ...{ id: text, handler: text },
            status: { enum: ['new', 'scheduled', 'locked', 'done', 'error', 'missing'] },
            ...{ emittedAt: time, endedAt: time, nextTry: time },
            attempts: { type: 'integer' },
            value: { description: 'What the handler returned, if the status is done' },
            error: {
              type: 'object',
              properties: { message: text },
              description: 'Why the last attempt failed',
            },
          },
        },
        Problem: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message', 'remedies'],
              properties: {
                ...{ code: text, message: text },
                remedies: { type: 'array', items: text },
              },
            },
          },
        },
      },
    },
  };
}
