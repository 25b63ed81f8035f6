import type { NamedProxy } from '../stage/stage';
import { chosen, type MakeFault } from './fault';

const onProxy =
  (
    what: (delayMs: number) => string,
    begin: (proxy: NamedProxy, delayMs: number) => void,
  ): MakeFault =>
  (planned, { proxies }) => {
    const proxy = chosen(proxies, planned);
    const delayMs = 20 + (planned.target % 480);
    return {
      on: proxy.name,
      what: `${what(delayMs)} the way of ${proxy.name}`,
      begin: () => begin(proxy, delayMs),
      end: () => proxy.mend(),
    };
  };

export const networkFaults = {
  cut: onProxy(
    () => 'cut',
    (proxy) => proxy.cut(),
  ),
  delay: onProxy(
    (delayMs) => `delay by ${delayMs} ms`,
    (proxy, delayMs) => proxy.slow(delayMs),
  ),
  silence: onProxy(
    () => 'silence',
    (proxy) => proxy.silence(),
  ),
} satisfies Record<string, MakeFault>;
