// A link in the terminal's output, as the browser would go to it: what is shown is what is opened. A name in another script
// is in its ASCII form, and the marks that turn the direction of text round are escaped. Undefined: no http or https address.
export function web_address(from_host: string): string | undefined {
  try {
    const { href, protocol } = new URL(from_host);
    return protocol === 'http:' || protocol === 'https:' ? href : undefined;
  } catch {
    return undefined;
  }
}
