// A file that the window hands to the person, caught on its way.

/** The next one that is saved. */
export function savedFile(): Promise<Blob> {
  const make = URL.createObjectURL.bind(URL);
  return new Promise((resolve) => {
    URL.createObjectURL = (blob) => {
      URL.createObjectURL = make;
      if (blob instanceof Blob) resolve(blob);
      return make(blob);
    };
  });
}
