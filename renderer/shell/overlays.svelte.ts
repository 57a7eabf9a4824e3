// The two sheets that lie over every view, of which at most one is open.
class Overlay {
  isOpen = $state(false);
  open(): void {
    palette.isOpen = false;
    keySheet.isOpen = false;
    this.isOpen = true;
  }
  close(): void {
    this.isOpen = false;
  }
}
export const palette = new Overlay();
export const keySheet = new Overlay();
