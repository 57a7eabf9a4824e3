// The series' colours for layers: the first one has the first.
const SERIES = 6;

export const layerColour = (layer: number): string => `var(--s${(layer % SERIES) + 1})`;
