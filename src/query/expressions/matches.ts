/** `/…/.test(x)` */
import type { Typed } from '../typed';
import type { Compiled, Compiler } from './compiled';
import { asText } from './texts';

export function compileRegex(node: Typed & { readonly k: 'regex' }, c: Compiler): Compiled {
  const x = asText(node.e, c);
  return { ...x, v: { $regexMatch: { input: x.v, regex: node.pattern } } };
}
