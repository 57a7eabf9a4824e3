// The figure of a page as a picture of its own: drawn lines stay lines, canvases are embedded as they are.

const PROPERTIES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
] as const;
const SVG = 'http://www.w3.org/2000/svg';
const DENSITY = 2;

/** All that is drawn inside, where it stands on the page. Icons of controls are left out. */
export function figureAsSvg(root: HTMLElement): { text: string; width: number; height: number } {
  const frame = root.getBoundingClientRect();
  const whole = document.createElementNS(SVG, 'svg');
  const [width, height] = [Math.ceil(frame.width), Math.ceil(frame.height)];
  const set = (element: Element, values: Readonly<Record<string, string | number>>): void =>
    Object.entries(values).forEach(([name, value]) => element.setAttribute(name, String(value)));
  set(whole, { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  const ground = document.createElementNS(SVG, 'rect');
  set(ground, { width, height, fill: getComputedStyle(document.documentElement).getPropertyValue('--sheet').trim() });
  whole.append(ground);
  for (const part of root.querySelectorAll<SVGSVGElement | HTMLCanvasElement>('svg:not(.lucide-icon), canvas')) {
    const box = part.getBoundingClientRect();
    const place = { x: box.left - frame.left, y: box.top - frame.top, width: box.width, height: box.height };
    if (part instanceof HTMLCanvasElement) {
      const image = document.createElementNS(SVG, 'image');
      set(image, { ...place, href: part.toDataURL('image/png'), preserveAspectRatio: 'none' });
      whole.append(image);
    } else {
      const copy = part.cloneNode(true) as SVGSVGElement;
      takeStyles(part, copy);
      set(copy, place);
      whole.append(copy);
    }
  }
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

function takeStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of PROPERTIES) to.setAttribute(name, style.getPropertyValue(name));
  to.removeAttribute('class');
  to.removeAttribute('style');
  [...from.children].forEach((child, index) => takeStyles(child, to.children[index] as Element));
}

/** At twice the resolution. */
export async function figureAsPng(root: HTMLElement): Promise<Blob> {
  const { text, width, height } = figureAsSvg(root);
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * DENSITY;
    canvas.height = height * DENSITY;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('Expected a canvas to draw on');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('Expected the canvas to give a picture')))),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
