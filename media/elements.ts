/** Attributes and handlers of an element; what is false or undefined is left out. */
export type Properties = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/** Makes an element. Text is always set as text, so that no value can become markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K, properties: Properties = {}, ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2).toLowerCase(), value as EventListener);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Shapes on a grid of 16 units, drawn with the text's color; they repeat in form what a word beside them says. */
const SHAPES = {
  kept: 'M3 8.5l3.2 3.2L13 5',
  removed: 'M4 4l8 8M12 4l-8 8',
  emptied: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
  replaced: 'M3 6h8.5M9 3.5L11.5 6 9 8.5M13 10.5H4.5M7 8l-2.500 2.500L7 13',
  remapped: 'M6.500 9.500a2.500 2.500 0 0 1 0-3.500l1.500-1.500a2.500 2.500 0 0 1 3.500 3.500l-1 1M9.500 6.500a2.500 2.500 0 0 1 0 3.500l-1.500 1.500a2.500 2.500 0 0 1-3.500-3.500l1-1',
  cleaned: 'M8 2.500l1.200 3.300L12.500 7 9.200 8.200 8 11.500 6.800 8.200 3.500 7l3.300-1.200zM12.500 11v3M11 12.500h3',
  added: 'M8 3v10M3 8h10',
  attention: 'M8 2.500L14 13H2zM8 6.500v3M8 11.200v.6',
  folded: 'M6 4l4 4-4 4',
  unfolded: 'M4 6l4 4 4-4',
  close: 'M4 4l8 8M12 4l-8 8',
  arrow: 'M3 8h9M9 5l3 3-3 3',
  search: 'M7 2.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 1 0 0-9zM10.300 10.300L14 14',
  locked: 'M4 7.500h8v6H4zM5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500',
  draw: 'M2.500 2.500h7v7h-7zM12.500 8.500v5M10 11h5',
  link: 'M9 3h4v4M13 3L7.500 8.500M11 9v4H3V5h4',
} as const;

export type IconName = keyof typeof SHAPES;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', SHAPES[name]);
  svg.append(path);
  return svg;
}
