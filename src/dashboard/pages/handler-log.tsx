import type { Html } from '../page';
import { Time } from '../parts/text';
import type { ShownHandler } from './handler-reading';

const SHOWN = 10;

/** Who held the queue, and who let it go. */
export const HandlerLog = ({ log, request }: ShownHandler): Html =>
  log.length === 0 ? null : (
    <>
      <h2>Queue log</h2>
      <div class="panel">
        <table>
          <thead>
            <tr>
              <th>When</th>
              <th>What</th>
              <th>Who</th>
              <th>Why</th>
            </tr>
          </thead>
          <tbody>
            {[...log]
              .reverse()
              .slice(0, SHOWN)
              .map(({ action, at, by, reason }) => (
                <tr>
                  <td>
                    <Time at={at} now={request.now()} />
                  </td>
                  <td>{action}</td>
                  <td class="text">{by ?? <span class="z">–</span>}</td>
                  <td class="text">{reason ?? <span class="z">–</span>}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </>
  );
