import type { DatastoreInfo } from '../../../client';
import type { Html } from '../page';
import { Count, pathTo } from './text';

interface DatastoreTableProps {
  readonly datastores: readonly DatastoreInfo[];
  /** False where there is room for the numbers alone. */
  readonly withFields?: boolean;
}

/** Datastores, each on one line; its name leads to its records. */
export const DatastoreTable = ({ datastores, withFields = true }: DatastoreTableProps): Html => (
  <div class="panel">
    <table>
      <thead>
        <tr>
          <th>Datastore</th>
          <th class="n">Records</th>
          <th>Schema</th>
          {withFields ? (
            <>
              <th class="lo">Fields</th>
              <th class="lo">Indexes</th>
            </>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {datastores.map(({ name, records, locked, fields, indexes }) => (
          <tr>
            <th>
              <a href={pathTo('/data', name)}>{name}</a>
            </th>
            <td class="n">
              <Count of={records} />
            </td>
            <td class={locked ? undefined : 'z'}>{locked ? 'locked' : 'may change'}</td>
            {withFields ? (
              <>
                <td class="lo cut">{Object.keys(fields).join(', ')}</td>
                <td class="lo">
                  {indexes.length === 0 ? <span class="z">–</span> : indexes.join(' · ')}
                </td>
              </>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
