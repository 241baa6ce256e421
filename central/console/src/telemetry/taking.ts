// What a person takes away: a file that the browser made.

export function take(href: string, file: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = file;
  link.click();
}
