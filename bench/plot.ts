export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 480;
const HEIGHT = 260;
const LEFT = 56;
const RIGHT = 110;
const TOP = 36;
const BOTTOM = 44;
const COLORS = ['#2563eb', '#b45309', '#15803d', '#7e22ce'];

/** Lines over evenly spaced values of x, as SVG that reads on light and dark pages. */
export function plotSvg({ title, x, y, lines }: Plot): string {
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(([value]) => value)))].sort(
    (a, b) => a - b,
  );
  const most = niceAbove(Math.max(...lines.flatMap(({ points }) => points.map(([, v]) => v))));
  const px = (value: number): number =>
    LEFT + (xs.indexOf(value) * (WIDTH - LEFT - RIGHT)) / Math.max(1, xs.length - 1);
  const py = (value: number): number => HEIGHT - BOTTOM - (value * (HEIGHT - TOP - BOTTOM)) / most;
  const text = (at: [number, number], what: string, more = ''): string =>
    `<text x="${at[0]}" y="${at[1]}" ${more}>${escaped(what)}</text>`;
  const grid = [0, 0.5, 1].map((part) => {
    const at = py(most * part);
    return (
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#9ca3af" stroke-width="0.5"/>` +
      text([LEFT - 6, at + 4], compact(most * part), 'text-anchor="end"')
    );
  });
  const ticks = xs.map((value) =>
    text([px(value), HEIGHT - BOTTOM + 18], compact(value), 'text-anchor="middle"'),
  );
  const drawn = lines.map(({ name, points }, i) => {
    const color = COLORS[i % COLORS.length] ?? '';
    const path = points.map(([a, b]) => `${px(a)},${py(b).toFixed(1)}`).join(' ');
    const dots = points.map(([a, b]) => `<circle cx="${px(a)}" cy="${py(b).toFixed(1)}" r="3"/>`);
    const [lastX, lastY] = points.at(-1) ?? [0, 0];
    const label = text([px(lastX) + 8, py(lastY) + 4], name, 'stroke="none"');
    return `<g fill="${color}" stroke="${color}"><polyline points="${path}" fill="none" stroke-width="2"/>${dots.join('')}${label}</g>`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(title)}">\n` +
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>\n` +
    text([LEFT, 20], title, 'font-weight="bold"') +
    [...grid, ...ticks, ...drawn].join('\n') +
    text([(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8], x, 'text-anchor="middle"') +
    text([8, TOP - 6], y, 'font-size="10"') +
    '\n</svg>\n'
  );
}

function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return ([1, 2, 4, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

const compact = (value: number): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

const escaped = (text: string): string =>
  text.replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`);
