// Numbers as people read them.

// Bytes: "312 B", "4.2 kB", "1.2 MB".
export function bytes_text(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let at = 0;
  while (size >= 999.5 && at < units.length - 1) {
    size /= 1000;
    at++;
  }
  return `${at > 0 && size < 9.95 ? size.toFixed(1) : Math.round(size)} ${units[at]}`;
}

// Milliseconds there and back: a tenth counts below ten, and what is below a tenth is "less than".
export function round_trip_text(ms: number): string {
  if (ms < 0.1) return '<0.1';
  return ms < 9.95 ? ms.toFixed(1) : String(Math.round(ms));
}

// "4 minutes ago", "4分钟前".
export function ago(seconds: number, tag: string): string {
  const words = new Intl.RelativeTimeFormat(tag, { numeric: 'always' });
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 48 * 3600) return words.format(-Math.floor(seconds / 3600), 'hour');
  return words.format(-Math.floor(seconds / 86400), 'day');
}
