// The channels between the preload script and the main process: everything a window says, and everything it hears.
export const REQUEST_CHANNEL = 'unroll:request';
export const EVENT_CHANNEL = 'unroll:event';
