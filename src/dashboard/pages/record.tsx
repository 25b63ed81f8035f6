import type { DatastoreInfo, RecordVersion } from '../../../client';
import { ConflictError, InvalidInputError, messageOf, NotFoundError } from '../../shared/errors';
import type { Action, ActionRequest } from '../action';
import { forgetRecord, knownDatastore, knownDatastores, knownRecord } from '../known-datastores';
import type { Html, Page, PageRequest } from '../page';
import { FieldValue } from '../parts/field';
import { Ask } from '../parts/form';
import { countText, pathTo } from '../parts/text';
import { plainJson } from '../plain-json';
import { referredTo } from '../references';

interface Shown {
  readonly datastore: DatastoreInfo;
  readonly found: RecordVersion;
  readonly request: PageRequest;
  /** The names of all datastores. */
  readonly names: readonly string[];
}

/** What is in a record? */
export const record: Page = {
  path: '/data/:name/:key',
  async show(request) {
    const { role } = request;
    const key = request.param('key');
    const datastore = await knownDatastore(request, request.param('name'));
    const found = await knownRecord(request, datastore.name, key);
    if (found === undefined) throw noRecord(datastore.name, key);
    const names = (await knownDatastores(request)).map(({ name }) => name);
    const shown: Shown = { datastore, found, request, names };
    const asks = role === 'all' ? (request.refused?.field('do') ?? request.query('do')) : undefined;
    return {
      title: key,
      crumbs: (
        <>
          <a href="/data">Datastores</a> /{' '}
          <a href={pathTo('/data', datastore.name)}>{datastore.name}</a>
        </>
      ),
      nav: '/data',
      // What is being edited stays as it is
      still: asks !== undefined,
      actions:
        role === 'all' ? (
          <>
            <Ask what="edit">Edit…</Ask>
            <Ask what="delete">Delete…</Ask>
          </>
        ) : null,
      sections: [
        { id: 'ask', content: <Question asks={asks} shown={shown} /> },
        { id: 'fields', content: <Fields {...shown} /> },
      ],
    };
  },
};

function noRecord(name: string, key: string): NotFoundError {
  return new NotFoundError('record_not_found', `${name} has no record "${key}"`, {
    details: { datastore: name, key },
    remedies: ['it may have been deleted meanwhile'],
  });
}

const Question = ({ asks, shown }: { asks: string | undefined; shown: Shown }): Html => {
  if (asks === 'edit') return <Edit {...shown} />;
  if (asks === 'delete') return <Delete {...shown} />;
  return null;
};

const Refused = ({ request }: Pick<Shown, 'request'>): Html =>
  request.refused === undefined ? null : (
    <p class="error" role="alert" id="why">
      {request.refused.message}
    </p>
  );

const Edit = ({ datastore, found, request }: Shown): Html => {
  const here = pathTo('/data', datastore.name, found.key);
  const typed = request.refused?.field('record');
  const text = typed ?? JSON.stringify(plainJson(found.record ?? {}), null, 2);
  return (
    <form method="post" action={here} class="panel edit">
      <Refused request={request} />
      <input type="hidden" name="do" value="edit" />
      <input type="hidden" name="revision" value={String(found.revision)} />
      <label>
        The record as JSON: times are texts, and <code>"{'<password>'}"</code> is a password that
        stays as it is
        <textarea
          name="record"
          class="id"
          rows={Math.min(30, text.split('\n').length + 1)}
          spellcheck={false}
          autofocus
          aria-describedby={request.refused === undefined ? undefined : 'why'}
        >
          {text}
        </textarea>
      </label>
      <div class="acts">
        <button class="go">Save</button>
        <a class="btn" href={here}>
          Leave it
        </a>
      </div>
    </form>
  );
};

const Delete = ({ datastore, found, request }: Shown): Html => {
  const here = pathTo('/data', datastore.name, found.key);
  return (
    <form method="post" action={here} class="panel edit">
      <Refused request={request} />
      <input type="hidden" name="do" value="delete" />
      <label>
        This cannot be undone. To delete the record, type its key: <b>{found.key}</b>
        <input name="confirm" class="id" autocomplete="off" autofocus />
      </label>
      <div class="acts">
        <button class="go">Delete record</button>
        <a class="btn" href={here}>
          Leave it
        </a>
      </div>
    </form>
  );
};

const Fields = ({ datastore, found, request, names }: Shown): Html => {
  const { record, problem, revision } = found;
  if (record === undefined)
    return (
      <p class="panel note error">
        <span>{problem}</span>
      </p>
    );
  return (
    <>
      <dl class="panel facts whole">
        {Object.entries(datastore.fields).map(([field, type]) => (
          <>
            <dt>
              {field} <small>{type}</small>
            </dt>
            <dd>
              <FieldValue value={record[field]} of={type} now={request.now()} />
              <References field={field} value={record[field]} names={names} />
            </dd>
          </>
        ))}
      </dl>
      <p>
        <small>{`Written ${countText(revision, 'time')}`}</small>
      </p>
    </>
  );
};

const MAX_REFERENCES = 20;

interface ReferencesProps {
  readonly field: string;
  readonly value: unknown;
  readonly names: readonly string[];
}

const References = ({ field, value, names }: ReferencesProps): Html => {
  const to = referredTo(field, names);
  const keys = (Array.isArray(value) ? value : [value]).filter(
    (key): key is string => typeof key === 'string' && key !== '',
  );
  if (to === undefined || keys.length === 0) return null;
  return (
    <>
      {' '}
      <small>
        {`in ${to}: `}
        {keys.slice(0, MAX_REFERENCES).map((key, i) => (
          <>
            {i === 0 ? '' : ', '}
            <a href={pathTo('/data', to, key)}>{key}</a>
          </>
        ))}
        {keys.length > MAX_REFERENCES ? ', …' : ''}
      </small>
    </>
  );
};

export const recordActions: readonly Action[] = [
  {
    path: record.path,
    again: record,
    async run(request) {
      const [name, key] = [request.param('name'), request.param('key')];
      const act = request.field('do') === 'delete' ? remove : save;
      try {
        return await act(request, name, key);
      } finally {
        forgetRecord(request, name, key);
      }
    },
  },
];

async function save(request: ActionRequest, name: string, key: string): Promise<string> {
  const revision = Number(request.field('revision'));
  try {
    await request.client.datastores.replace(name, key, parsed(request.field('record')), revision);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    // Shown with what was typed; saving it again replaces the record that is shown then
    throw new InvalidInputError(
      'write_conflict',
      'It was changed meanwhile, and is below as it is now. Save again to replace that with what you have typed',
      { cause: error },
    );
  }
  return pathTo('/data', name, key);
}

async function remove(request: ActionRequest, name: string, key: string): Promise<string> {
  if (request.field('confirm') !== key.trim())
    throw new InvalidInputError('key_invalid', 'Nothing was deleted: that is not its key');
  await request.client.datastores.delete(name, key);
  return pathTo('/data', name);
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InvalidInputError('record_invalid', `This is no JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
