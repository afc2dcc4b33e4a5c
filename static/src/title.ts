// What a host calls its terminal, made fit for the browser's title bar: plain text, one line, short.

const kMaxSuffix = 80; // characters; a tab shows far fewer
const kProduct = 'Sallyport';

// Control characters, and the marks that turn the direction of text round (a title could otherwise dress up as another).
const kUnfit = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

export function plain_title(from_host: string): string {
  const text = from_host.slice(0, 4 * kMaxSuffix).replace(kUnfit, ' ').replace(/\s+/g, ' ').trim();
  const characters = Array.from(text);
  return characters.length <= kMaxSuffix ? text : `${characters.slice(0, kMaxSuffix - 1).join('')}…`;
}

// "ana@db-3 — Sallyport", "ana@db-3 — Sallyport · vim notes".
export function page_title(place: string, from_host = ''): string {
  const suffix = plain_title(from_host);
  return [place === '' ? kProduct : `${place} — ${kProduct}`, suffix].filter((part) => part !== '').join(' · ');
}
