import type { DatastoreInfo, QueryAnswer, RecordEntry } from '../../../client';
import { InvalidInputError } from '../../shared/errors';
import { knownDatastore, knownPage } from '../known-datastores';
import type { Html, Page, PageRequest } from '../page';
import { FieldCell, isNumber } from '../parts/field';
import { countText, numberText, pathTo } from '../parts/text';

const PAGE = 50;
const COLUMNS = 6;

/** What is stored in a datastore? */
export const records: Page = {
  path: '/data/:name',
  async show(request) {
    const datastore = await knownDatastore(request, request.param('name'));
    const found = await find(request, datastore.name);
    return {
      title: datastore.name,
      crumbs: <a href="/data">Datastores</a>,
      nav: '/data',
      still: found.kind === 'answer' || found.kind === 'refused', // a query is asked once
      sections: [
        { id: 'find', content: <Find datastore={datastore} found={found} request={request} /> },
        {
          id: 'records',
          content: <Records datastore={datastore} found={found} request={request} />,
        },
        { id: 'schema', content: <Schema datastore={datastore} /> },
      ],
    };
  },
};

type Found =
  | { readonly kind: 'page'; readonly entries: readonly RecordEntry[]; readonly more: boolean }
  | { readonly kind: 'key'; readonly key: string; readonly entries: readonly RecordEntry[] }
  | {
      readonly kind: 'answer';
      readonly entries: readonly RecordEntry[];
      readonly answer: QueryAnswer;
    }
  | { readonly kind: 'refused'; readonly entries: readonly RecordEntry[]; readonly why: string };

async function find(request: PageRequest, name: string): Promise<Found> {
  const { client } = request;
  const lambda = request.query('filter')?.trim() ?? '';
  const key = request.query('key') ?? '';
  if (lambda !== '') return ask(() => client.datastores.query(name, lambda, { limit: PAGE }));
  if (key !== '') {
    try {
      const record = await client.datastores.record(name, key);
      return { kind: 'key', key, entries: record === undefined ? [] : [record] };
    } catch (error) {
      return refusal(error);
    }
  }
  const [after, before, by] = ['after', 'before', 'by'].map((part) => request.query(part));
  const where = {
    ...(after === undefined ? {} : { after }),
    ...(before === undefined || by !== undefined ? {} : { before }),
    ...(by === undefined ? {} : { by }),
  };
  const entries = await knownPage(request, name, { ...where, limit: PAGE + 1 });
  const more = entries.length > PAGE;
  const backwards = before !== undefined && by === undefined;
  return {
    kind: 'page',
    entries: backwards ? entries.slice(-PAGE) : entries.slice(0, PAGE),
    more,
  };
}

async function ask(query: () => Promise<QueryAnswer>): Promise<Found> {
  try {
    const answer = await query();
    return { kind: 'answer', entries: answer.records, answer };
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): Found {
  if (!(error instanceof InvalidInputError)) throw error;
  return { kind: 'refused', entries: [], why: error.message };
}

interface Shown {
  readonly datastore: DatastoreInfo;
  readonly found: Found;
  readonly request: PageRequest;
}

const Find = ({ datastore, found, request }: Shown): Html => {
  const here = pathTo('/data', datastore.name);
  const refused = found.kind === 'refused';
  const [field = 'name', type = ''] = exampleField(datastore);
  const placeholder = `r => r.${field} ${/Int|Float/.test(type) ? '> 30' : "=== ''"}`;
  return (
    <>
      <div class="acts">
        <form method="get" action={here} class="acts" role="search" aria-label="By key">
          <label>
            Key <input type="search" name="key" size={16} value={request.query('key')} />
          </label>
          <button>Find</button>
        </form>
        <form method="get" action={here} class="acts" role="search" aria-label="By a lambda">
          <label>
            or those for which{' '}
            <input
              type="search"
              name="filter"
              class="id"
              size={36}
              placeholder={placeholder}
              value={request.query('filter')}
              aria-invalid={refused ? 'true' : undefined}
              aria-describedby={refused ? 'why' : undefined}
            />
          </label>
          <button class="go">Filter</button>
        </form>
      </div>
      {refused ? (
        <pre id="why" class="panel" role="alert">
          {found.why}
        </pre>
      ) : null}
    </>
  );
};

const exampleField = ({ fields }: DatastoreInfo): readonly string[] =>
  Object.entries(fields).find(([, type]) => /^(Int|Float)$/.test(type)) ??
  Object.entries(fields).find(([, type]) => type === 'String') ??
  [];

const Records = ({ datastore, found, request }: Shown): Html => {
  const { name, fields } = datastore;
  const { entries } = found;
  if (found.kind === 'refused') return null;
  if (entries.length === 0) return <Nothing datastore={datastore} found={found} />;
  const shown = Object.keys(fields).slice(0, COLUMNS);
  const here = pathTo('/data', name);
  const by = found.kind === 'page' ? request.query('by') : undefined;
  const right = (field: string): string => (isNumber(fields[field]) ? 'n' : 'cut');
  return (
    <>
      <div class="panel">
        <table class="cards records">
          <thead>
            <tr>
              <th>{by === undefined ? 'Key' : <a href={here}>Key</a>}</th>
              {shown.map((field) => (
                <th class={right(field)} aria-sort={by === field ? 'ascending' : undefined}>
                  {isSortable(datastore, field) && by !== field ? (
                    <a href={`${here}?by=${field}`}>{field}</a>
                  ) : (
                    field
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.map(({ key, record, problem }) => (
              <tr>
                <th class="cut">
                  <a class="id" href={pathTo('/data', name, key)}>
                    {key}
                  </a>
                </th>
                {problem === undefined ? (
                  shown.map((field) => (
                    <td class={right(field)} data-l={field}>
                      <FieldCell value={record?.[field]} now={request.now()} />
                    </td>
                  ))
                ) : (
                  <td class="error" colspan={shown.length}>
                    {problem}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="top">
        <small>{howText(datastore, found, by ?? 'key')}</small>
        <Pager datastore={datastore} found={found} request={request} />
      </div>
    </>
  );
};

function howText({ fields, records }: DatastoreInfo, found: Found, by: string): string {
  const count = Object.keys(fields).length;
  const left = count > COLUMNS ? ` · ${COLUMNS} of ${count} fields` : '';
  if (found.kind === 'answer') return `${queryText(found)}${left}`;
  if (found.kind === 'key') return `1 record${left}`;
  return `${found.entries.length} of ${countText(records, 'record')}, by ${by}${left}`;
}

/** By an index on it alone; of optional ones and lists there is no order that a page could be cut by. */
const isSortable = ({ fields, indexes }: DatastoreInfo, field: string): boolean =>
  /^(String|Int|Float|Bool|Date|UUID)$/.test(fields[field] ?? '') && indexes.includes(field);

/** How a query was answered: the index, how many were read, how many there are. */
function queryText({ answer, entries }: Extract<Found, { kind: 'answer' }>): string {
  const { indexes, read, returned, recheck } = answer.explanation;
  const first = returned > entries.length ? `first ${entries.length} of ` : '';
  const through =
    indexes.length === 0
      ? 'read without an index'
      : `read through index ${indexes.map((index) => index.replace(/^v\.|_-?1$/g, '')).join(', ')}`;
  const cost = read === undefined ? '' : `: ${countText(read, 'record')} read`;
  return `${first}${countText(returned, 'record')} returned, ${through}${cost}${recheck ? ', each looked at once more' : ''}`;
}

const Pager = ({ datastore, found, request }: Shown): Html => {
  const here = pathTo('/data', datastore.name);
  if (found.kind !== 'page') return <a href={here}>All records</a>;
  const by = request.query('by');
  const backwards = request.query('before') !== undefined && by === undefined;
  const isFirst = backwards ? !found.more : request.query('after') === undefined;
  const hasNext = backwards || found.more;
  const [first, last] = [found.entries[0], found.entries.at(-1)];
  const link = (parts: Record<string, string>): string =>
    `${here}?${new URLSearchParams(by === undefined ? parts : { by, ...parts }).toString()}`;
  return (
    <div class="acts">
      {isFirst || first === undefined ? null : by === undefined ? (
        <a class="btn" href={link({ before: first.key })}>
          Previous
        </a>
      ) : (
        <a class="btn" href={link({})}>
          First
        </a>
      )}
      {!hasNext || last === undefined ? null : (
        <a class="btn" href={link({ after: last.key })}>
          Next
        </a>
      )}
    </div>
  );
};

const Nothing = ({ datastore, found }: Omit<Shown, 'request'>): Html => {
  const { name } = datastore;
  if (found.kind === 'answer')
    return (
      <p class="panel note">
        <span>{`No record is so: ${queryText(found)}.`}</span>{' '}
        <a href={pathTo('/data', name)}>All records</a>
      </p>
    );
  if (found.kind === 'key')
    return (
      <p class="panel note">
        <span>{`${name} has no record “${found.key}”.`}</span>{' '}
        <a href={pathTo('/data', name)}>All records</a>
      </p>
    );
  if (datastore.records > 0)
    return (
      <p class="panel note">
        <span>No record after that one.</span> <a href={pathTo('/data', name)}>All records</a>
      </p>
    );
  return (
    <div class="panel">
      <p class="note">{`${name} holds no record yet. Store one:`}</p>
      <pre>{`await DB.set({ ${exampleOf(datastore)} }, 'key', ${name});`}</pre>
    </div>
  );
};

const EXAMPLES: Readonly<Record<string, string>> = {
  ...{ String: `''`, Int: '0', Float: '0.5', Bool: 'false', Date: 'new Date()', UUID: 'uuid()' },
  Password: `await Password.hash('…')`,
};

/** What a record needs; optional fields are left out. */
const exampleOf = ({ fields }: DatastoreInfo): string =>
  Object.entries(fields)
    .filter(([, type]) => !type.startsWith('Optional'))
    .map(([field, type]) => {
      const example = EXAMPLES[type] ?? (type.startsWith('List') ? '[]' : '{}');
      return `${field}: ${example}`;
    })
    .join(', ');

const Schema = ({ datastore }: { datastore: DatastoreInfo }): Html => {
  const { fields, locked, indexes, records } = datastore;
  return (
    <div class="two">
      <div>
        <h2>Fields</h2>
        <dl class="panel facts">
          {Object.entries(fields).map(([field, type]) => (
            <>
              <dt>{field}</dt>
              <dd>{`${type}${indexes.includes(field) ? ', indexed' : ''}`}</dd>
            </>
          ))}
        </dl>
      </div>
      <div>
        <h2>Schema</h2>
        <dl class="panel facts">
          <dt>State</dt>
          <dd>{locked ? 'locked: it holds data' : 'may change: it holds no data'}</dd>
          <dt>Records</dt>
          <dd>{numberText(records)}</dd>
          <dt>Indexes</dt>
          <dd>{indexes.length === 0 ? 'none' : indexes.join(' · ')}</dd>
          {locked ? (
            <>
              <dt>Change it</dt>
              <dd>
                define it anew under another name, and copy with <code>migration(…)</code>
              </dd>
            </>
          ) : null}
        </dl>
      </div>
    </div>
  );
};
