/** Of a figure, in pixels: what a person may make of it. */
export const TRACK_HEIGHTS = { min: 24, max: 320 } as const;
